#include "promptcl/serve/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::serve {
namespace {

using ::testing::HasSubstr;

TEST(Histogram, CountsAValueInEveryBucketFromItsBoundOn) {
    Histogram histogram({1, 2});
    for (const double value : {0.5, 1.0, 2.0, 3.0})
        histogram.add(value);
    EXPECT_EQ(histogram.text("x"),
              "x_bucket{le=\"1\"} 2\nx_bucket{le=\"2\"} 3\nx_bucket{le=\"+Inf\"} 4\n"
              "x_sum 6.5\nx_count 4\n");
}

TEST(Metrics, CountRepliesByTheirCode) {
    Metrics metrics;
    metrics.count_reply(200);
    metrics.count_reply(404);
    metrics.count_reply(200);
    const std::string text = metrics.text(0, 1);
    EXPECT_THAT(text, HasSubstr("promptcl_requests_total{code=\"200\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("promptcl_requests_total{code=\"404\"} 1\n"));
}

TEST(Metrics, EscapeTheNameOfAModel) {
    Metrics metrics;
    metrics.count_image("a\"b\\c", 0.1);
    EXPECT_THAT(metrics.text(0, 1), HasSubstr(R"(promptcl_images_total{model="a\"b\\c"} 1)"));
}

TEST(Metrics, SayWhatIsGoingOnNow) {
    EXPECT_THAT(Metrics().text(7, 2), testing::AllOf(HasSubstr("promptcl_waiting_images 7\n"),
                                                     HasSubstr("promptcl_models 2\n")));
}

}  // namespace
}  // namespace promptcl::serve

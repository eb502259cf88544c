// Lists that stand in two layers which may not know each other.
#include "promptcl/backbone/geometry.h"
#include "promptcl/config/choices.h"
#include "promptcl/config/config.h"
#include "promptcl/data/transform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::cli {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

TEST(Registries, AgreeOnTheBackbones) {
    std::vector<std::string_view> names = {"auto"};
    for (const auto& variant : backbone::variants())
        names.push_back(variant.name);
    EXPECT_THAT(config::choices("model_name"), ElementsAreArray(names));
}

TEST(Registries, AgreeOnTheLargestImageThatIsNotCropped) {
    config::Config config;
    config.init_checkpoint = config.data_dir = "x";
    config.images.resize_size = 16;
    config.images.input_size = data::kLargestSmallInput;
    EXPECT_TRUE(config.problems().empty());
    config.images.input_size = data::kLargestSmallInput + 1;
    ASSERT_EQ(config.problems().size(), 1U);
    EXPECT_THAT(config.problems().front(), HasSubstr("input_size"));
}

}  // namespace
}  // namespace promptcl::cli

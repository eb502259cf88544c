// The C header: training, evaluating, teaching.
#include "promptcl/promptcl_training.h"

#include "tests/api/drawn_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::api {
namespace {

using testing::HasSubstr;

std::vector<const char*> pointers(const std::vector<std::string>& texts) {
    std::vector<const char*> result;
    for (const std::string& text : texts)
        result.push_back(text.c_str());
    return result;
}

/// Stops when it is told of step `*user`.
int stop_at(const char* what, int64_t done, int64_t, void* user) {
    return std::string(what) == "learning" && done == *static_cast<int64_t*>(user);
}

TEST(CTraining, TrainsStopsGoesOnEvaluatesAndTeaches) {
    const DrawnRun drawn;
    const auto texts = drawn.changes();
    const auto changes = pointers(texts);
    const std::string workdir = drawn.at("run");
    int64_t second = 2;
    ASSERT_EQ(promptcl_train("demo_dualprompt", changes.data(), changes.size(), workdir.c_str(),
                             stop_at, &second),
              PROMPTCL_STOPPED);
    ASSERT_EQ(promptcl_train(nullptr, nullptr, 0, workdir.c_str(), nullptr, nullptr), PROMPTCL_OK)
        << promptcl_last_error();
    double accuracy = 0, instance = 0;
    ASSERT_EQ(
        promptcl_evaluate(workdir.c_str(), nullptr, 0, nullptr, nullptr, &accuracy, &instance),
        PROMPTCL_OK);
    EXPECT_GT(accuracy, 0.2);

    promptcl_classifier *five = nullptr, *ten = nullptr;
    ASSERT_EQ(promptcl_classifier_of_run(workdir.c_str(), nullptr, 0, 20, &five), PROMPTCL_OK);
    ASSERT_EQ(
        promptcl_learn(five, drawn.at("new").c_str(), nullptr, 0, nullptr, nullptr, nullptr, &ten),
        PROMPTCL_OK)
        << promptcl_last_error();
    EXPECT_EQ(promptcl_num_classes(five), 5U);
    EXPECT_EQ(promptcl_num_classes(ten), 10U);
    promptcl_classifier_close(ten);
    promptcl_classifier_close(five);
}

TEST(CTraining, TellsInAStatusAndASentenceWhatIsWrong) {
    const DrawnRun drawn;
    EXPECT_EQ(promptcl_train("no_such", nullptr, 0, drawn.at("x").c_str(), nullptr, nullptr),
              PROMPTCL_WORLD);
    EXPECT_THAT(promptcl_last_error(), HasSubstr("no_such"));
    EXPECT_EQ(promptcl_train("demo_l2p", nullptr, 0, nullptr, nullptr, nullptr), PROMPTCL_USAGE);
    EXPECT_THAT(promptcl_last_error(), HasSubstr("workdir is NULL"));
    EXPECT_EQ(promptcl_train("demo_l2p", nullptr, 1, drawn.at("x").c_str(), nullptr, nullptr),
              PROMPTCL_USAGE);
    EXPECT_THAT(promptcl_last_error(), HasSubstr("changes is NULL"));
}

}  // namespace
}  // namespace promptcl::api

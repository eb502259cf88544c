#include "promptcl/model/run_model.h"

#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::model {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class RunModelFile : public testing::Test {
  protected:
    RunModel model() const {
        const std::vector<float> bias = {0.5F, -1, 2};
        return {
            .arrays = {{"head/bias", io::Array::of(std::span<const float>(bias), {3})}},
            .config = support::tiny_l2p(),
            .identity = {.backbone_path = "vit.npz", .backbone_sha256 = "b", .data_sha256 = "d"},
            .class_names = {"cat", "dog", "owl"},
            .tasks_learnt = 1,
            .learnt_classes = {2, 0}};
    }

    TemporaryFolder folder_;
    std::filesystem::path file_ = folder_ / "step.safetensors";
};

TEST_F(RunModelFile, IsReadAsItWasWritten) {
    write_run_model(file_, model());
    const RunModel read = read_run_model(file_);
    EXPECT_EQ(read.arrays, model().arrays);
    EXPECT_EQ(read.class_names, model().class_names);
    EXPECT_EQ(read.learnt_classes, model().learnt_classes);
    EXPECT_EQ(read.tasks_learnt, 1);
    EXPECT_EQ(read.identity.data_sha256, "d");
}

TEST_F(RunModelFile, NamesNoLearntClassThatThereIsNot) {
    for (const std::int64_t strange : {-1, 3}) {
        RunModel broken = model();
        broken.learnt_classes.push_back(strange);
        write_run_model(file_, broken);
        EXPECT_THAT(message_of<Error>([&] { read_run_model(file_); }),
                    AllOf(HasSubstr(file_.string()), HasSubstr("learnt_classes")));
    }
}

}  // namespace
}  // namespace promptcl::model

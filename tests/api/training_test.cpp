// The C++ API: training, evaluating, teaching.
#include "promptcl/training.h"

#include "promptcl/io/file.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/model/undo.h"

#include "tests/api/drawn_run.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::api {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;

constexpr double kBetterThanChance = 0.4;  // chance is 0.1 to 0.2

/// Stops at a step; counts them.
class StopsAfter final : public Watcher {
  public:
    explicit StopsAfter(std::int64_t steps) : steps_(steps) {}
    bool go_on() override { return seen_ < steps_; }
    void step(const Step&) override { ++seen_; }
    std::int64_t seen() const { return seen_; }

  private:
    std::int64_t steps_, seen_ = 0;
};

class TrainingApi : public testing::Test {
  protected:
    /// A classifier of the first five classes.
    Classifier five() const {
        train_run(drawn_.run("run"));
        return Classifier::of_run(at("run"));
    }
    std::string at(const std::string& name) const { return drawn_.at(name); }
    /// The arrays of a classifier, by way of its file.
    io::ArrayMap arrays(const Classifier& classifier) const {
        classifier.save(at("arrays.pcl"));
        return model::read_classifier(at("arrays.pcl")).state.arrays;
    }

    DrawnRun drawn_;
};

TEST_F(TrainingApi, TrainsARunAndEvaluatesItAgain) {
    const Results results = train_run(drawn_.run("run"));
    ASSERT_THAT(results.accuracy, SizeIs(1));
    EXPECT_THAT(results.accuracy, Each(SizeIs(1)));
    EXPECT_GT(results.average_accuracy, kBetterThanChance);
    EXPECT_FALSE(results.forgetting) << "of one task";
    const auto scores = evaluate_run({.workdir = at("run"), .config = {}, .changes = {}});
    ASSERT_THAT(scores, SizeIs(1));
    EXPECT_EQ(scores[0].images, 40);
    EXPECT_DOUBLE_EQ(scores[0].accuracy, results.average_accuracy);
    EXPECT_DOUBLE_EQ(scores[0].instance_accuracy, results.average_instance_accuracy);
}

TEST_F(TrainingApi, AStoppedRunGoesOnToTheSameBits) {
    train_run(drawn_.run("whole"));
    StopsAfter stops(3);
    EXPECT_EQ(train_run(drawn_.run("stopped"), stops), std::nullopt);
    EXPECT_EQ(stops.seen(), 3);
    train_run({.workdir = at("stopped"), .config = {}, .changes = {}});
    EXPECT_EQ(arrays(Classifier::of_run(at("stopped"))), arrays(Classifier::of_run(at("whole"))));
}

TEST_F(TrainingApi, TeachesFiveMoreClassesAndTakesThemBack) {
    const Classifier before = five();
    before.save(at("five.pcl"));
    const Lesson lesson = learn_classes(before, {.folder = at("new"), .test = at("tests")});
    const Classifier& after = lesson.classifier;
    EXPECT_THAT(after.class_names(), SizeIs(10));
    EXPECT_EQ(lesson.images, 100);
    EXPECT_EQ(lesson.largest_logit_drift, 0);
    EXPECT_GT(lesson.old_after.value(), kBetterThanChance);
    EXPECT_GT(lesson.new_after.value(), kBetterThanChance);

    const auto old_arrays = arrays(before), new_arrays = arrays(after);
    for (const auto& [name, array] : old_arrays)
        EXPECT_EQ(model::leading_corner(new_arrays.at(name), array.shape), array) << name;
    after.rolled_back().save(at("back.pcl"));
    EXPECT_EQ(io::read_file(at("back.pcl")), io::read_file(at("five.pcl")));
}

TEST_F(TrainingApi, AStoppedLessonGoesOnToTheSameBits) {
    const Classifier before = five();
    LearnOptions options{.folder = at("new"), .changes = {"num_threads=1"}};
    const auto whole = arrays(learn_classes(before, options).classifier);
    options.workdir = at("lesson");
    StopsAfter stops(2);
    EXPECT_FALSE(learn_classes(before, options, stops));
    EXPECT_TRUE(fs::exists(at("lesson/begun.json")));
    EXPECT_EQ(arrays(learn_classes(before, options).classifier), whole);
    EXPECT_FALSE(fs::exists(at("lesson")));
}

TEST_F(TrainingApi, StopsWhileImagesAreLookedAt) {
    const Classifier before = five();
    class StopsAtImages final : public Watcher {
      public:
        bool go_on() override { return !looking_; }
        void progress(std::string_view what, std::int64_t, std::int64_t) override {
            looking_ = looking_ || what == "looking at training images";
        }

      private:
        bool looking_ = false;
    } stops;
    EXPECT_FALSE(learn_classes(before, {.folder = at("new")}, stops));
}

TEST_F(TrainingApi, SaysInASentenceWhatIsWrong) {
    EXPECT_THAT(message_of<Error>([&] {
                    train_run({.workdir = at("x"), .config = "demo_dualpromt", .changes = {}});
                }),
                HasSubstr("demo_dualprompt"));
    auto run = drawn_.run("x");
    run.changes.push_back("num_epoch=3");
    EXPECT_THAT(message_of<UsageError>([&] { train_run(run); }), HasSubstr("num_epochs"));
    EXPECT_THAT(message_of<Error>(
                    [&] { evaluate_run({.workdir = at("nowhere"), .config = {}, .changes = {}}); }),
                HasSubstr("holds no run"));
    EXPECT_THAT(message_of<UsageError>([&] { learn_classes(five(), {.folder = at("tests")}); }),
                HasSubstr("already"));
}

}  // namespace
}  // namespace promptcl::api

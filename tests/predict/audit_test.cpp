#include "promptcl/predict/audit.h"

#include "promptcl/data/transform.h"

#include "tests/predict/tiny_predictor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace promptcl::predict {
namespace {

using testing::ElementsAre;
using Ids = std::vector<std::int64_t>;

void ignore(std::int64_t, std::int64_t) {}

TEST(Vote, CountsEveryPickAndGivesTiesToTheLowerId) {
    const std::vector<Ids> choices = {{3, 1}, {3, 2}, {3, 5}, {5, 2}};
    EXPECT_THAT(vote(choices, 2), ElementsAre(2, 3));  // 3 has three, 2 and 5 have two
    EXPECT_THAT(vote(choices, 3), ElementsAre(2, 3, 5));
}

/// Two tasks of some random images each.
class TwoTasks {
  public:
    explicit TwoTasks(const config::Config& config) : tiny_(config) {
        for (const auto& images : {&first_, &second_})
            tests_.push_back(all_of(*images));
    }
    Audit audited(std::vector<std::int64_t> batches, std::uint64_t seed = 1) const {
        return audit(tiny_.predictor(), tests_, batches, seed, ignore);
    }
    const TinyPredictor& tiny() const { return tiny_; }
    const data::Dataset& first() const { return first_; }
    const data::Dataset& second() const { return second_; }

  private:
    TinyPredictor tiny_;
    data::MemoryDataset first_ = random_dataset({0, 1, 0, 1, 0}),
                        second_ = random_dataset({2, 2, 2});
    std::vector<LabelledImages> tests_;
};

TEST(Auditing, InBatchesOfOneIsInstanceWise) {
    const auto result = TwoTasks(support::small_dualprompt()).audited({1});
    EXPECT_EQ(result.images, 8);
    EXPECT_EQ(result.rows.at(0).per_task, result.instance);
    EXPECT_EQ(result.rows.at(0).mixed, result.instance);
}

TEST(Auditing, AveragesOverTasksNotOverImages) {
    const TwoTasks tasks(support::small_l2p());
    const Predictor predictor = tasks.tiny().predictor();
    EXPECT_DOUBLE_EQ(tasks.audited({}).instance,
                     (accuracy(predictor, all_of(tasks.first()), ignore) +
                      accuracy(predictor, all_of(tasks.second()), ignore)) /
                         2);
}

TEST(Auditing, LetsNoBatchCrossTheBorderOfATask) {
    const TwoTasks tasks(support::small_l2p());
    // Batches as large as a task: all its images get what its own images vote for.
    const auto result = tasks.audited({5});
    const Predictor predictor = tasks.tiny().predictor();
    double sum = 0;
    for (const auto* images : {&tasks.first(), &tasks.second()}) {
        const LabelledImages all = all_of(*images);
        std::vector<Ids> own;
        std::vector<std::vector<float>> pixels;
        answer_each(
            predictor, *images, all.ids,
            [&](std::size_t, const Answer& answer) { own.push_back(answer.prompts); }, ignore);
        const Ids prompts = vote(own, 2);
        const data::Transform transform({.input_size = kTinyImage, .resize_size = 256});
        double right = 0;
        for (std::size_t i = 0; i < all.ids.size(); ++i) {
            std::vector<float> image(static_cast<std::size_t>(kPixels));
            transform.evaluate(images->image(all.ids[i]), image);
            const std::array<Choice, 1> choice = {Choice{.ids = prompts}};
            const auto logits = predictor.logits(predictor.features(image, choice)[0]);
            right += std::ranges::max_element(logits) - logits.begin() == all.classes[i] ? 1 : 0;
        }
        sum += right / static_cast<double>(all.ids.size());
    }
    EXPECT_DOUBLE_EQ(result.rows.at(0).per_task, sum / 2);
}

TEST(Auditing, PassesAnImageOnceForEverySetOfPrompts) {
    const TwoTasks tasks(support::small_l2p());
    const auto once = tasks.audited({1, 1, 1});
    EXPECT_EQ(once.prompted_passes, once.images);
    // In one batch of all images there is one vote more at the most.
    EXPECT_LE(tasks.audited({1, 8}).prompted_passes, 3 * once.images);
}

TEST(Auditing, DrawsTheMixedStreamFromItsSeed) {
    const TwoTasks tasks(support::small_l2p());
    EXPECT_EQ(tasks.audited({2}, 7).rows[0].mixed, tasks.audited({2}, 7).rows[0].mixed);
}

}  // namespace
}  // namespace promptcl::predict

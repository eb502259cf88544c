#include "promptcl/train/learning.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/synthetic.h"
#include "promptcl/data/memory_dataset.h"
#include "promptcl/model/from_run.h"
#include "promptcl/model/undo.h"
#include "promptcl/predict/measure.h"
#include "promptcl/train/run_folder.h"

#include "tests/run/tiny_run.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace promptcl::train {
namespace {

using testing::HasSubstr;
using Ids = std::vector<std::int64_t>;
using Names = std::vector<std::string>;
using Change = std::function<void(config::Config&)>;

constexpr std::int64_t kOldClasses = 4;  // two tasks of two

const auto kNever = [] { return false; };
constexpr int kUninterrupted = -1;

/// Says stop at the n-th time it is asked, and ever after.
auto stop_after(int questions) {
    return [asked = 0, questions]() mutable { return ++asked > questions; };
}

model::Event event_of(const char* action) {
    return {.when = "2026-01-02T03:04:05Z",
            .action = action,
            .classes = {},
            .images = 0,
            .results = {},
            .undo = {},
            .undo_arrays = {}};
}

/// The training images of some synthetic classes under other labels.
data::DataSource pictures(const config::Config& config, const Ids& classes, const Ids& labels,
                          const Names& class_names) {
    const auto all = data::open_synthetic(config);
    std::vector<std::uint8_t> pixels;
    Ids given;
    int side = 0;
    for (std::int64_t i = 0; i < all.train->size(); ++i) {
        const auto found = std::ranges::find(classes, all.train->label(i));
        if (found == classes.end()) continue;
        const data::ImageView image = all.train->image(i);
        side = image.height;
        pixels.insert(pixels.end(), image.rgb.begin(), image.rgb.end());
        given.push_back(labels[static_cast<std::size_t>(found - classes.begin())]);
    }
    const data::RecordFile file{"drawn", std::ssize(given)};
    auto train = std::make_unique<data::MemoryDataset>(side, side, pixels, given,
                                                       std::vector<data::RecordFile>{file});
    auto test = std::make_unique<data::MemoryDataset>(side, side, std::vector<std::uint8_t>{},
                                                      Ids{}, std::vector<data::RecordFile>{});
    return data::memory_source(std::move(train), std::move(test), class_names);
}

/// A classifier of four drawn classes, and what teaches it others.
class Learning : public testing::Test {
  protected:
    void SetUp() override { support::write_tiny_backbone(folder_.path()); }

    config::Config configured(const std::string& method, const Change& change = {}) const {
        auto config = support::tiny_run_config(method, folder_.path());
        config.continual.num_tasks = 2;
        config.num_threads = 1;
        if (change) change(config);
        return config;
    }
    model::Classifier trained(const config::Config& config) const {
        const Experiment experiment = open_experiment(config);
        const RunFolder run(folder_ / "run");
        std::filesystem::remove_all(run.path());
        run.create(config);
        Trainer(experiment, run, {}).run(kNever);
        auto result = model::classifier_of_run(model::newest_run_model(run.path()).model,
                                               experiment.backbone->geometry(), "run");
        result.history.push_back(event_of("export"));
        return result;
    }
    /// What a lesson about these drawn classes, called by these names, makes of it. Its first three
    /// starts may be stopped after so many questions.
    model::Classifier taught(const model::Classifier& before, const Ids& classes,
                             const Names& names, Old old, int questions = kUninterrupted) const {
        const auto growth = model::growth_of(before, names, model::Known::kExtended, "x.pcl");
        const Lesson lesson{before, growth, old, "x.pcl"};
        const Experiment experiment = open_lesson(lesson, before.state.config, [&] {
            return pictures(before.state.config, classes, labels(growth, names),
                            growth.class_names);
        });
        const RunFolder run(folder_ / "lesson");
        int starts = questions == kUninterrupted ? 3 : 0;
        for (Outcome outcome = Outcome::kInterrupted; outcome == Outcome::kInterrupted; ++starts) {
            run.create(experiment.config);
            Trainer trainer(experiment, run, {});
            outcome = starts < 3 ? trainer.run(stop_after(questions)) : trainer.run(kNever);
            if (outcome == Outcome::kFinished) result_ = learnt_state(lesson, trainer.method());
        }
        std::filesystem::remove_all(run.path());
        model::Classifier after{before.backbone, result_, before.history};
        model::Event event = event_of("learn");
        model::remember(event, before.state, after.state);
        after.history.push_back(std::move(event));
        model::require_sound(after, "after");
        return after;
    }
    model::Classifier taught_two(const model::Classifier& before, Old old,
                                 int questions = kUninterrupted) const {
        return taught(before, {10, 11}, {"new 0", "new 1"}, old, questions);
    }
    static Ids labels(const model::Growth& growth, const Names& names) {
        Ids result;
        for (const std::string& name : names)
            result.push_back(std::ranges::find(growth.class_names, name) -
                             growth.class_names.begin());
        return result;
    }

    TemporaryFolder folder_;
    mutable model::State result_;
};

bool old_bits_stay(const model::Classifier& before, const model::Classifier& after,
                   const std::string& name) {
    const io::Array& was = before.state.arrays.at(name);
    return model::leading_corner(after.state.arrays.at(name), was.shape) == was;
}

/// A pool that two tasks fill.
void full_pool(config::Config& config) {
    config.prompt_pool_param.pool_size = 2;
}

TEST_F(Learning, WithTheOldHeldKeepsEveryBitOfOldPromptsKeysAndColumns) {
    const std::vector<Change> changes = {[](auto&) {}, [](auto& config) { config.optim = "sgd"; },
                                         [](auto& config) {
                                             config.optim = "adamw";
                                             config.weight_decay = 0.1;
                                         },
                                         [](auto& config) { config.continual.train_mask = false; }};
    for (const std::string method : {"dualprompt", "l2p", "ft_seq_frozen"}) {
        for (std::size_t i = 0; i < changes.size(); ++i) {
            SCOPED_TRACE(method + " " + std::to_string(i));
            const auto before = trained(configured(method, [&](auto& config) {
                if (method == "dualprompt") full_pool(config);
                changes[i](config);
            }));
            const auto after = taught_two(before, Old::kHeld);
            for (const auto& [name, array] : before.state.arrays)
                EXPECT_TRUE(old_bits_stay(before, after, name)) << name;
            EXPECT_NE(after.state.arrays.at("head/kernel"), before.state.arrays.at("head/kernel"));
        }
    }
}

TEST_F(Learning, GivesOldLogitsTheSameBitsForAnImageThatChoosesTheSamePrompts) {
    const auto before = trained(configured("dualprompt", full_pool));
    const auto after = taught_two(before, Old::kHeld);
    const auto vit = std::make_shared<const predict::Backbone>(
        folder_ / "tiny.npz", predict::arithmetic_of(before.state.config), 1);
    const predict::Predictor one(vit, before, "before"), two(vit, after, "after");
    const auto images = support::random_images(200, support::kTinyImage, Rng(3));
    const auto was = one.answer(images, 200), is = two.answer(images, 200);
    int same = 0;
    for (std::size_t i = 0; i < was.size(); ++i) {
        ASSERT_EQ(is[i].logits.size(), was[i].logits.size() + 2);
        if (was[i].prompts != is[i].prompts) continue;
        ++same;
        EXPECT_TRUE(
            std::ranges::equal(was[i].logits, std::span(is[i].logits).first(was[i].logits.size())));
    }
    EXPECT_GT(same, 0);
}

TEST_F(Learning, GivesATaskPromptsOfItsOwnBehindAFullPool) {
    const auto before = trained(configured("dualprompt", full_pool));
    const auto once = taught_two(before, Old::kHeld);
    EXPECT_EQ(once.state.config.prompt_pool_param.pool_size, 3);
    EXPECT_EQ(once.state.tasks_learnt, 3);
    const auto twice = taught(once, {12, 13}, {"newer 0", "newer 1"}, Old::kHeld);
    EXPECT_EQ(twice.state.config.prompt_pool_param.pool_size, 4);
    EXPECT_TRUE(old_bits_stay(once, twice, "prompt_pool/prompt"));
}

TEST_F(Learning, MovesThePromptsThatL2pSharesUnlessTheyAreHeld) {
    const auto before = trained(configured("l2p"));
    const auto moved = taught_two(before, Old::kMoving);
    EXPECT_FALSE(old_bits_stay(before, moved, "prompt_pool/prompt"));
    EXPECT_EQ(moved.state.config.prompt_pool_param.pool_size,
              before.state.config.prompt_pool_param.pool_size);
}

TEST_F(Learning, CanBeTakenBackToTheBit) {
    for (const Old old : {Old::kHeld, Old::kMoving}) {
        for (const std::string method : {"dualprompt", "l2p", "ncm"}) {
            const auto before = trained(configured(method));
            const auto back = model::rolled_back(taught_two(before, old), "x.pcl");
            EXPECT_EQ(back.state.arrays, before.state.arrays) << method;
            EXPECT_EQ(back.state.class_names, before.state.class_names);
            EXPECT_EQ(back.state.tasks_learnt, before.state.tasks_learnt);
            EXPECT_TRUE(back.state.config == before.state.config);
        }
    }
}

TEST_F(Learning, EndsWithTheSameBitsWhereverItWasInterrupted) {
    for (const std::string method : {"dualprompt", "l2p", "ncm"}) {
        const auto before = trained(configured(method));
        const auto whole = taught_two(before, Old::kHeld);
        for (const int questions : {0, 1, 3, 6, 9}) {
            const auto parts = taught_two(before, Old::kHeld, questions);
            EXPECT_EQ(parts.state.arrays, whole.state.arrays)
                << method << " stopped after " << questions;
        }
    }
}

TEST_F(Learning, IsTheNextTaskOfTheStreamWhenAllMayMove) {
    constexpr double kRounding = 1e-4;  // the head is narrower: sums over classes in another order
    for (const std::string method : {"dualprompt", "l2p"}) {
        auto config = configured(method);
        const auto before = trained(config);
        config.continual.num_tasks = 3;
        const auto stream = trained(config);  // learns classes 4 and 5 as its third task
        const auto after = taught(before, {4, 5}, {"new 0", "new 1"}, Old::kMoving);
        for (const char* name : {"head/kernel", "prompt_pool/prompt", "prompt_pool/key"}) {
            const auto one = stream.state.arrays.at(name).as_float(),
                       other = after.state.arrays.at(name).as_float();
            ASSERT_EQ(one.size(), other.size());
            for (std::size_t i = 0; i < one.size(); ++i)
                ASSERT_NEAR(one[i], other[i], kRounding) << method << " " << name;
        }
    }
}

TEST_F(Learning, AddsTheSumsOfNewClassesToClassMeansAndLeavesTheOldOnes) {
    const auto before = trained(configured("ncm"));
    const auto after = taught_two(before, Old::kHeld);
    EXPECT_TRUE(old_bits_stay(before, after, "ncm/sum"));
    EXPECT_TRUE(old_bits_stay(before, after, "ncm/count"));
    EXPECT_EQ(after.state.arrays.at("ncm/count").as_float().back(), 12);
}

TEST_F(Learning, OfMoreImagesChangesTheColumnsOfThoseClassesAlone) {
    const auto before = trained(configured("dualprompt"));
    const std::string known = before.state.class_names[1];
    const auto after = taught(before, {1, 10}, {known, "new"}, Old::kHeld);
    ASSERT_EQ(after.classes(), kOldClasses + 1);
    const auto was = before.state.arrays.at("head/bias").as_float(),
               is = after.state.arrays.at("head/bias").as_float();
    EXPECT_EQ(is[0], was[0]);
    EXPECT_NE(is[1], was[1]);
    EXPECT_EQ(is[2], was[2]);
    EXPECT_EQ(is[3], was[3]);
    EXPECT_NE(is[4], 0);
}

TEST_F(Learning, TakesASmallerBatchWhereThereAreFewerImagesThanThat) {
    const auto before =
        trained(configured("dualprompt", [](auto& config) { config.per_device_batch_size = 16; }));
    auto state = before.state.config;
    state.synthetic.train_per_class = 3;
    auto few = before;
    few.state.config = state;
    const auto after = taught_two(few, Old::kHeld);
    EXPECT_NE(after.state.arrays.at("head/bias").as_float().back(), 0);
}

TEST_F(Learning, RefusesOneClassAloneUnderATrainMask) {
    const auto before = trained(configured("dualprompt"));
    const auto message = message_of<UsageError>([&] { taught(before, {10}, {"new"}, Old::kHeld); });
    EXPECT_THAT(message, HasSubstr("x.pcl would learn one class alone"));
    EXPECT_THAT(message, HasSubstr("--set continual.train_mask=false"));
    auto unmasked = before;
    unmasked.state.config.continual.train_mask = false;
    EXPECT_EQ(taught(unmasked, {10}, {"new"}, Old::kHeld).classes(), kOldClasses + 1);
}

TEST_F(Learning, RefusesAnotherVit) {
    auto before = trained(configured("dualprompt"));
    before.backbone.sha256 = "0123";
    const auto message = message_of<Error>([&] { taught_two(before, Old::kHeld); });
    EXPECT_THAT(message, HasSubstr("tiny.npz is not the backbone of x.pcl"));
    EXPECT_THAT(message, HasSubstr("--backbone FILE"));
}

}  // namespace
}  // namespace promptcl::train

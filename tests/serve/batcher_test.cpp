#include "promptcl/serve/batcher.h"

#include "tests/serve/small_service.h"
#include "tests/support/tiny_vit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>

namespace promptcl::serve {
namespace {

using support::kTinyImage;
using ::testing::ElementsAre;

constexpr auto kNever = Clock::time_point::max();
constexpr std::size_t kPixels = 3 * kTinyImage * kTinyImage;

class BatcherTest : public ::testing::Test {
  protected:
    std::span<const float> image(std::size_t i) const {
        return std::span(pixels_).subspan(i * kPixels, kPixels);
    }
    /// Keeps the ViT busy until the latch is open.
    std::jthread occupy(std::latch& begun, std::latch& open) const {
        return std::jthread([&] {
            model_->predictor.backbone().use([&](engine::Engine&) {
                begun.count_down();
                open.wait();
            });
        });
    }
    std::jthread ask(std::optional<predict::Answer>& answer, const ServedModel& model,
                     std::size_t i) {
        return std::jthread(
            [&, i] { answer = batcher_.answer(model.predictor, image(i), kNever); });
    }
    void wait_until_waiting(std::int64_t images) const {
        while (batcher_.waiting() != images)
            std::this_thread::yield();
    }
    void wait_until_begun(std::size_t batches) {
        while (this->batches().size() != batches)
            std::this_thread::yield();
    }
    std::vector<std::int64_t> batches() {
        const std::lock_guard lock(mutex_);
        return batches_;
    }
    void expect_direct(const std::optional<predict::Answer>& answer, const ServedModel& model,
                       std::size_t i) const {
        EXPECT_EQ(answer.value().logits, model.predictor.answer(image(i), 1).front().logits);
    }

    SmallService small_;
    std::shared_ptr<const ServedModel> model_ = small_.models.find("a");
    std::vector<float> pixels_ = support::random_images(6, kTinyImage, Rng(11));
    std::mutex mutex_;
    std::vector<std::int64_t> batches_;  // guarded by mutex_
    Batcher batcher_{4, [this](std::int64_t images) {
                         const std::lock_guard lock(mutex_);
                         batches_.push_back(images);
                     }};
};

TEST_F(BatcherTest, AnswersOneImageAsThePredictorDoes) {
    expect_direct(batcher_.answer(model_->predictor, image(0), kNever), *model_, 0);
}

TEST_F(BatcherTest, ComputesTogetherWhatCameWhileTheViTWasBusyUpToItsMost) {
    std::vector<std::optional<predict::Answer>> answers(6);
    {
        std::latch begun(1), open(1);
        const auto busy = occupy(begun, open);
        begun.wait();
        std::vector<std::jthread> askers;
        askers.push_back(ask(answers[0], *model_, 0));
        wait_until_begun(1);
        for (std::size_t i = 1; i < 6; ++i)
            askers.push_back(ask(answers[i], *model_, i));
        wait_until_waiting(5);
        open.count_down();
    }
    EXPECT_THAT(batches(), ElementsAre(1, 4, 1));
    for (std::size_t i = 0; i < 6; ++i)
        expect_direct(answers[i], *model_, i);
}

class PatientBatcher : public BatcherTest {
  protected:
    PatientBatcher()
        : patient_(
              4,
              [this](std::int64_t images) {
                  const std::lock_guard lock(mutex_);
                  batches_.push_back(images);
              },
              std::chrono::hours(1)) {}
    std::jthread ask_patient(std::size_t i) {
        return std::jthread([this, i] { patient_.answer(model_->predictor, image(i), kNever); });
    }

    Batcher patient_;
};

TEST_F(PatientBatcher, WaitsForThoseWhoWereJustAnsweredWhenOthersAskedBesideThem) {
    std::latch begun(1), open(1);
    const auto busy = occupy(begun, open);
    begun.wait();
    std::vector<std::jthread> askers;
    askers.push_back(ask_patient(0));
    wait_until_begun(1);
    askers.push_back(ask_patient(1));
    while (patient_.waiting() != 1)
        std::this_thread::yield();
    open.count_down();
    askers.front().join();
    patient_.answer(model_->predictor, image(2), kNever);
    EXPECT_THAT(batches(), ElementsAre(1, 2));
}

TEST_F(PatientBatcher, LetsNobodyWaitWhoAsksAlone) {
    for (std::size_t i = 0; i < 3; ++i)
        patient_.answer(model_->predictor, image(i), kNever);
    EXPECT_THAT(batches(), ElementsAre(1, 1, 1));
}

TEST_F(BatcherTest, NeverMixesTwoClassifiers) {
    const auto other = small_.models.find("b");
    std::optional<predict::Answer> first, second, third;
    {
        std::latch begun(1), open(1);
        const auto busy = occupy(begun, open);
        begun.wait();
        const auto a = ask(first, *model_, 0);
        wait_until_begun(1);
        const auto b = ask(second, *other, 1), c = ask(third, *model_, 2);
        wait_until_waiting(2);
        open.count_down();
    }
    EXPECT_THAT(batches(), ElementsAre(1, 1, 1));
    expect_direct(first, *model_, 0);
    expect_direct(second, *other, 1);
    expect_direct(third, *model_, 2);
}

TEST_F(BatcherTest, LeavesOutAnImageWhoseTurnComesTooLate) {
    EXPECT_EQ(batcher_.answer(model_->predictor, image(0), Clock::now() - std::chrono::seconds(1)),
              std::nullopt);
    EXPECT_TRUE(batches().empty());
}

}  // namespace
}  // namespace promptcl::serve

// The first steps of each optimizer, by hand.
#include "promptcl/train/optimizer.h"

#include "promptcl/core/error.h"
#include "promptcl/train/pieces.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::train {
namespace {

constexpr double kRate = 0.1;
constexpr double kFloatTolerance = 1e-6;

config::Config optimised(const std::string& optim, double weight_decay = 0) {
    config::Config config;
    config.optim = optim;
    config.weight_decay = weight_decay;
    return config;
}

/// One parameter that starts at 1, and its optimizer.
struct One {
    explicit One(const config::Config& config)
        : parameter(at::ones({1}).requires_grad_(true)), optimizer(config, {{"p", parameter}}) {}

    double step(double gradient) {
        optimizer.step({at::full({1}, gradient)}, kRate);
        return parameter.item<double>();
    }

    Tensor parameter;
    Optimizer optimizer;
};

TEST(Adam, TakesItsFirstTwoStepsAsWorkedOutByHand) {
    One one(optimised("adam"));
    // m = 0.05, v = 0.00025; corrected: 0.5 and 0.25
    EXPECT_NEAR(one.step(0.5), 1 - kRate * 0.5 / (0.5 + 1e-8), kFloatTolerance);
    // m = 0.9*0.05 - 0.1 = -0.055, v = 0.999*0.00025 + 0.001 = 0.00124975
    const double second = -0.055 / 0.19 / (std::sqrt(0.00124975 / 0.001999) + 1e-8);
    EXPECT_NEAR(one.step(-1), 0.9 - kRate * second, kFloatTolerance);
    EXPECT_EQ(one.optimizer.steps(), 2);
}

TEST(Adam, FirstMovesEveryParameterByTheRateWhateverItsGradient) {
    for (const double gradient : {1e-4, 1.0, 1e4})
        EXPECT_NEAR(One(optimised("adam")).step(gradient), 0.9, 1e-4);
}

TEST(Adam, FeelsItsEpsilonWhereGradientsAreAsSmall) {
    EXPECT_NEAR(One(optimised("adam")).step(1e-8), 1 - kRate / 2, kFloatTolerance);
    EXPECT_EQ(One(optimised("adam")).step(0), 1.0);
}

TEST(Adam, DecaysWeightsBesideTheStepByTheParameterBeforeIt) {
    for (const std::string optim : {"adam", "adamw"}) {
        One one(optimised(optim, 0.5));
        EXPECT_NEAR(one.step(0.5), 1 - 0.1 - kRate * 0.5 * 1, kFloatTolerance);
        EXPECT_NEAR(one.step(0.5), 0.85 - 0.1 - kRate * 0.5 * 0.85, kFloatTolerance);
    }
}

TEST(Sgd, TakesItsFirstTwoNesterovStepsAsWorkedOutByHand) {
    One one(optimised("sgd"));
    EXPECT_NEAR(one.step(0.5), 1 - kRate * (0.5 + 0.9 * 0.5), kFloatTolerance);
    // m = 0.9*0.5 + 1 = 1.45
    EXPECT_NEAR(one.step(1), 0.905 - kRate * (1 + 0.9 * 1.45), kFloatTolerance);
}

TEST(Sgd, HasNoDecayBesideTheStep) {
    EXPECT_EQ(One(optimised("sgd", 0.5)).step(0), 1.0);
}

TEST(Sgd, TakesItsMomentumFromTheConfiguration) {
    config::Config config = optimised("sgd");
    config.sgd_momentum = 0;
    EXPECT_NEAR(One(config).step(0.5), 0.95, kFloatTolerance);
}

TEST(Optimizer, ForgetsEverythingWhenReset) {
    for (const std::string optim : {"adam", "sgd"}) {
        One fresh(optimised(optim)), used(optimised(optim));
        used.step(3);
        used.step(-1);
        used.optimizer.reset();
        EXPECT_EQ(used.optimizer.steps(), 0);
        {
            const at::NoGradGuard no_grad;
            used.parameter.fill_(1);
        }
        EXPECT_EQ(used.step(0.5), fresh.step(0.5));
    }
}

TEST(Optimizer, NamesItsMomentsAfterTheParameters) {
    const auto adam = One(optimised("adam")).optimizer.moments();
    ASSERT_EQ(adam.size(), 2U);
    EXPECT_EQ(adam[0].name, "adam/m/p");
    EXPECT_EQ(adam[1].name, "adam/v/p");
    const auto sgd = One(optimised("sgd")).optimizer.moments();
    ASSERT_EQ(sgd.size(), 1U);
    EXPECT_EQ(sgd[0].name, "sgd/m/p");
}

TEST(Optimizer, GoesOnToTheSameBitsFromSavedMoments) {
    for (const std::string optim : {"adam", "adamw", "sgd"}) {
        One whole(optimised(optim, 0.1)), resumed(optimised(optim, 0.1));
        whole.step(0.3);
        whole.step(-0.7);
        {
            const at::NoGradGuard no_grad;
            resumed.parameter.copy_(whole.parameter);
            const auto saved = whole.optimizer.moments();
            for (std::size_t i = 0; i < saved.size(); ++i)
                resumed.optimizer.moments()[i].value.copy_(saved[i].value);
        }
        resumed.optimizer.set_steps(whole.optimizer.steps());
        EXPECT_EQ(resumed.step(0.123), whole.step(0.123));
        EXPECT_EQ(resumed.step(9), whole.step(9));
    }
}

TEST(Optimizer, TakesALargeParameterInPiecesThatEachGetTheirOwnStep) {
    for (const std::string optim : {"adam", "sgd"}) {
        const std::int64_t size = 2 * kPiece + 48;
        const Tensor whole = at::ones({size / 16, 16}).requires_grad_(true),
                     part = at::ones({48}).requires_grad_(true);
        const Tensor gradient = at::linspace(-1, 1, size).view({size / 16, 16});
        Optimizer of_whole(optimised(optim, 0.1), {{"p", whole}}),
            of_part(optimised(optim, 0.1), {{"p", part}});
        for (int step = 0; step < 2; ++step) {
            of_whole.step({gradient}, kRate);
            of_part.step({gradient.view(-1).narrow(0, kPiece + 16, 48)}, kRate);
        }
        EXPECT_TRUE(whole.view(-1).narrow(0, kPiece + 16, 48).equal(part)) << optim;
        EXPECT_EQ(whole.eq(1).sum().item<std::int64_t>(), 0) << optim;
    }
}

TEST(Optimizer, LeavesTheGradientsAsTheyAre) {
    One one(optimised("adam", 0.5));
    const Tensor gradient = at::full({1}, 0.5);
    one.optimizer.step({gradient}, kRate);
    EXPECT_EQ(gradient.item<double>(), 0.5);
}

TEST(Optimizer, NeedsAGradientForEachParameter) {
    One one(optimised("adam"));
    EXPECT_THROW(one.optimizer.step({}, kRate), Bug);
}

}  // namespace
}  // namespace promptcl::train

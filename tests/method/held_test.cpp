#include "promptcl/method/held.h"

#include "promptcl/train/gradient_step.h"
#include "promptcl/train/optimizer.h"

#include "tests/support/tiny_world.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <functional>

namespace promptcl::method {
namespace {

constexpr std::int64_t kClasses = 4;

Tensor named(const Method& method, const std::string& name) {
    for (const auto& [other, value] : method.parameters()) {
        if (other == name) return value;
    }
    return {};
}

/// A learner whose first two classes and first prompts stay.
struct World {
    explicit World(const config::Config& with) : config(with) {
        auto learner = make_method(config, support::tiny_backbone(3), kClasses, Rng(5));
        {
            const at::NoGradGuard no_grad;
            for (const auto& [name, value] : learner->parameters())
                Tensor(value).add_(0.3 * at::sin(at::arange(value.numel())).reshape(value.sizes()));
        }
        kernel_mask = at::zeros_like(named(*learner, "head/kernel"), at::kBool);
        kernel_mask.narrow(1, 0, 2).fill_(true);
        key_mask = at::zeros_like(named(*learner, "prompt_pool/key"), at::kBool);
        key_mask.narrow(0, 0, 3).fill_(true);
        const std::vector<HeldElements> held = {{"head/kernel", kernel_mask},
                                                {"prompt_pool/key", key_mask}};
        method = with_held(std::move(learner), held);
        kernel = named(*method, "head/kernel").detach().clone();
        key = named(*method, "prompt_pool/key").detach().clone();
    }

    void train(int steps) {
        train::Optimizer optimizer(config, method->parameters());
        for (int i = 0; i < steps; ++i) {
            const TrainingBatch batch{
                .images = support::tiny_images(6, 10 + static_cast<std::uint64_t>(i)),
                .labels = tensor::from_ints(std::vector<std::int64_t>{0, 1, 2, 3, 2, 3})};
            auto gradients = train::gradients_of(*method, {batch});
            last_norm = gradients.stats.grad_norm;
            optimizer.step(gradients.values, 0.1);
        }
        method->end_task({2, 3}, {});
    }

    config::Config config;
    std::unique_ptr<Method> method;
    Tensor kernel_mask, key_mask, kernel, key;
    double last_norm = 0;
};

struct Case {
    std::string name;
    std::function<void(config::Config&)> change;
};

class Held : public testing::TestWithParam<Case> {};

TEST_P(Held, ElementsKeepTheirBitsWhileTheOthersLearn) {
    auto config = support::tiny_l2p();
    config.grad_clip_max_norm = 0;
    GetParam().change(config);
    World world(config);
    world.train(3);
    const Tensor kernel = named(*world.method, "head/kernel"),
                 key = named(*world.method, "prompt_pool/key");
    EXPECT_TRUE(kernel.masked_select(world.kernel_mask)
                    .equal(world.kernel.masked_select(world.kernel_mask)));
    EXPECT_TRUE(key.masked_select(world.key_mask).equal(world.key.masked_select(world.key_mask)));
    EXPECT_FALSE(kernel.narrow(1, 2, 2).equal(world.kernel.narrow(1, 2, 2)));
}

const Case kCases[] = {
    {"under_adam", [](config::Config&) {}},
    {"under_sgd", [](config::Config& config) { config.optim = "sgd"; }},
    {"under_decoupled_weight_decay",
     [](config::Config& config) {
         config.optim = "adamw";
         config.weight_decay = 0.5;
     }},
    {"under_the_weight_decay_of_the_loss",
     [](config::Config& config) { config.weight_decay = 0.5; }},
    {"when_the_columns_are_made_unit_vectors",
     [](config::Config& config) { config.weight_norm = true; }},
};
INSTANTIATE_TEST_SUITE_P(Cases, Held, testing::ValuesIn(kCases),
                         [](const auto& one) { return one.param.name; });

TEST(HeldElements, AddNothingToTheNormThatIsClipped) {
    auto config = support::tiny_l2p();
    config.grad_clip_max_norm = 0;
    World world(config);
    world.train(1);
    double squares = 0;
    for (const auto& [name, value] : world.method->parameters())
        squares += value.grad().to(at::kDouble).square().sum().item<double>();
    EXPECT_NEAR(world.last_norm, std::sqrt(squares), 1e-9);
    EXPECT_EQ(named(*world.method, "head/kernel")
                  .grad()
                  .masked_select(world.kernel_mask)
                  .abs()
                  .max()
                  .item<double>(),
              0.0);
}

}  // namespace
}  // namespace promptcl::method

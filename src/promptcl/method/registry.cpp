#include "promptcl/core/error.h"
#include "promptcl/method/ewc.h"
#include "promptcl/method/lwf.h"
#include "promptcl/method/method.h"
#include "promptcl/method/ncm.h"
#include "promptcl/method/prompt_learner.h"
#include "promptcl/prompt/matching.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace promptcl::method {
namespace {

using Backbone = std::shared_ptr<const vit::FrozenVit>;

/// For classes made of what PromptLearner is made of.
template <class Learner>
std::unique_ptr<Method> make(const config::Config& config, Backbone backbone,
                             std::int64_t num_classes, const Rng& rng) {
    return std::make_unique<Learner>(config, std::move(backbone), num_classes, rng);
}

std::unique_ptr<Method> make_ncm(const config::Config&, Backbone backbone, std::int64_t num_classes,
                                 const Rng&) {
    return std::make_unique<Ncm>(std::move(backbone), num_classes);
}

struct Maker {
    std::string_view name;
    std::unique_ptr<Method> (*make)(const config::Config&, Backbone, std::int64_t, const Rng&);
};

// The names are those of config::methods(), which also holds what each is and its default values.
constexpr std::array kMakers = {
    Maker{"l2p", make<PromptLearner>},
    Maker{"dualprompt", make<PromptLearner>},
    Maker{"ft_seq_frozen", make<PromptLearner>},
    Maker{"linear_probe", make<PromptLearner>},
    Maker{"ncm", make_ncm},
    Maker{"ft_seq", make<PromptLearner>},
    Maker{"joint", make<PromptLearner>},
    Maker{"ewc", make<Ewc>},
    Maker{"lwf", make<Lwf>},
    Maker{"er", make<PromptLearner>},
};

}  // namespace

Loss Method::add_gradients(const TrainingBatch& batch, double devices) {
    Loss loss = this->loss(batch);
    (loss.total / devices).backward();
    return loss;
}

void Method::observe(const Tensor&, const Tensor&) {
    throw Bug("this method is trained by gradient");
}

TaskRules rules_of_task(const config::Config& config, std::int64_t task,
                        const std::vector<std::int64_t>& classes) {
    TaskRules rules;
    const auto& continual = config.continual;
    if (continual.train_mask) rules.classes = classes;
    if (continual.replay_no_mask) {
        rules.replay_mask =
            continual.replay_reverse_mask ? ReplayMask::kReverse : ReplayMask::kNone;
    }
    const auto& pool = config.prompt_pool_param;
    if (config.use_e_prompt && pool.use_prompt_mask) {
        rules.prompt_mask = prompt::ids_of_task(task, pool.top_k, pool.pool_size);
    }
    return rules;
}

std::unique_ptr<Method> make_method(const config::Config& config,
                                    std::shared_ptr<const vit::FrozenVit> backbone,
                                    std::int64_t num_classes, const Rng& rng) {
    const auto maker = std::ranges::find(kMakers, config.method, &Maker::name);
    if (maker == kMakers.end()) {
        throw UsageError(fmt::format("unknown method \"{}\"", config.method),
                         "see promptcl list methods");
    }
    return maker->make(config, std::move(backbone), num_classes, rng.fork("init"));
}

}  // namespace promptcl::method

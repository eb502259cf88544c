#include "promptcl/method/prompt_learner.h"

#include "promptcl/core/error.h"
#include "promptcl/method/train_mask.h"
#include "promptcl/prompt/matching.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace promptcl::method {
namespace {

constexpr double kNormEpsilon = 1e-10;  // of norm_pre_logits and weight_norm, as the original

}  // namespace

PromptLearner::PromptLearner(const config::Config& config, std::shared_ptr<const vit::Vit> backbone,
                             std::int64_t num_classes, const Rng& rng)
    : config_(config),
      backbone_(std::move(backbone)),
      prompts_(config, backbone_->geometry(), rng) {
    kernel_ = at::zeros({backbone_->geometry().width, num_classes}).requires_grad_(true);
    bias_ = at::zeros({num_classes}).requires_grad_(true);
}

std::vector<NamedTensor> PromptLearner::parameters() const {
    auto result = prompts_.parameters();
    result.push_back({"head/kernel", kernel_});
    result.push_back({"head/bias", bias_});
    return result;
}

Tensor PromptLearner::query(const Tensor& images) const {
    const at::NoGradGuard no_grad;
    if (unprompted() || config_.prompt_pool_param.embedding_key == "cls")
        return backbone_->cls(images);
    const Tensor patches = backbone_->patches(images);
    const std::string& key = config_.prompt_pool_param.embedding_key;
    if (key == "mean") return patches.mean(1);
    if (key == "max") return patches.amax(1);
    require(key == "mean_max", "embedding_key is one of cls, mean, max, mean_max");
    return patches.amax(1) + 2 * patches.mean(1);
}

Tensor PromptLearner::choose(const Tensor& query, Choice choice) const {
    if (!prompts_.has_pool()) return {};
    const at::NoGradGuard no_grad;
    return chosen(prompt::similarity(query, prompts_.keys()), choice);
}

Tensor PromptLearner::chosen(const Tensor& similarity, Choice choice) const {
    const auto& pool = config_.prompt_pool_param;
    const Tensor own = prompt::nearest(similarity, pool.top_k);
    const bool vote = pool.batchwise_prompt && choice == Choice::kConfigured;
    return vote ? prompt::majority_vote(own, pool.pool_size) : own;
}

Tensor PromptLearner::features(const vit::Tokens& tokens) const {
    const Tensor& x = tokens.all;
    const std::int64_t prompts = tokens.prompts;
    if (config_.vit_classifier == "token") return x.select(1, prompts);
    if (config_.vit_classifier == "prompt") return x.narrow(1, 0, prompts).mean(1);
    if (config_.vit_classifier == "token+prompt") return x.narrow(1, 0, prompts + 1).mean(1);
    require(config_.vit_classifier == "gap",
            "vit_classifier is one of token, gap, prompt, token+prompt");
    return x.mean(1);
}

Tensor PromptLearner::scores(const Tensor& pre_logits) const {
    Tensor input = pre_logits;
    if (config_.norm_pre_logits) {
        input = input / (input.square().sum(-1, /*keepdim=*/true).sqrt() + kNormEpsilon);
    }
    return (at::matmul(input, kernel_) + bias_) / config_.temperature;
}

Tensor PromptLearner::logits(const Tensor& images, const Tensor& query,
                             const Tensor& prompt_idx) const {
    const at::NoGradGuard no_grad;
    if (unprompted() && config_.vit_classifier == "token") return scores(query);
    const auto injection = prompts_.injection(prompt_idx, images.size(0));
    return scores(features(backbone_->forward(images, injection)));
}

Pass PromptLearner::forward(const TrainingBatch& batch) const {
    const bool dropout = backbone_->geometry().dropout > 0;
    Pass pass{.query = query(batch.images)};
    if (prompts_.has_pool()) {
        const auto& mask = batch.rules.prompt_mask;
        pass.similarity = prompt::similarity(pass.query, prompts_.keys());
        pass.prompt_idx =
            mask ? tensor::from_ints(*mask).unsqueeze(0).expand({pass.query.size(0), -1})
                 : chosen(pass.similarity, Choice::kConfigured);
        pass.reduce_sim = prompt::reduced_similarity(pass.similarity, pass.prompt_idx);
    }
    if (unprompted() && config_.vit_classifier == "token" && !dropout) {
        pass.pre_logits = pass.query;
    } else {
        std::optional<at::Generator> generator;
        if (dropout) generator = at::make_generator<at::CPUGeneratorImpl>(batch.dropout_seed);
        const auto injection = prompts_.injection(pass.prompt_idx, batch.images.size(0));
        pass.pre_logits = features(backbone_->forward(batch.images, injection, generator));
    }
    pass.logits = scores(pass.pre_logits);
    return pass;
}

Tensor PromptLearner::penalty() const {
    Tensor squares = at::zeros({});
    for (const auto& [name, parameter] : parameters()) {
        if (parameter.dim() > 1) squares = squares + parameter.square().sum();
    }
    return 0.5 * config_.weight_decay * squares;
}

Loss PromptLearner::loss(const Pass& pass, const TrainingBatch& batch) const {
    Loss loss{.logits = masked(pass.logits, batch)};
    loss.cross_entropy = at::cross_entropy_loss(loss.logits, batch.labels);
    loss.total = loss.cross_entropy;
    if (config_.weight_decay > 0 && config_.optim != "adamw") loss.total = loss.total + penalty();
    if (config_.pull_constraint && pass.reduce_sim.defined()) {
        loss.total = loss.total - config_.pull_constraint_coeff * pass.reduce_sim;
    }
    return loss;
}

Loss PromptLearner::loss(const TrainingBatch& batch) {
    return loss(forward(batch), batch);
}

void PromptLearner::begin_step() {
    if (!config_.weight_norm) return;
    const at::NoGradGuard no_grad;
    kernel_.div_(kernel_.square().sum(0, /*keepdim=*/true).sqrt() + kNormEpsilon);
}

}  // namespace promptcl::method

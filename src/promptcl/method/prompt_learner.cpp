#include "promptcl/method/prompt_learner.h"

#include "promptcl/core/error.h"
#include "promptcl/method/freeze_part.h"
#include "promptcl/method/train_mask.h"
#include "promptcl/prompt/matching.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::method {
namespace {

constexpr double kNormEpsilon = 1e-10;  // of norm_pre_logits and weight_norm, as the original

vit::Readout readout_of(const std::string& vit_classifier) {
    if (vit_classifier == "token") return vit::Readout::kToken;
    if (vit_classifier == "prompt") return vit::Readout::kPrompt;
    if (vit_classifier == "token+prompt") return vit::Readout::kTokenPrompt;
    require(vit_classifier == "gap", "vit_classifier is one of token, gap, prompt, token+prompt");
    return vit::Readout::kGap;
}

/// Whether the L2 penalty counts a parameter: one of two or more dimensions in the original's
/// layout, where the biases of query, key and value are [H, E].
bool is_decayed(const NamedTensor& parameter) {
    return parameter.value.dim() > 1 || parameter.name.ends_with("/qkv/bias");
}

TrainingBatch rows_of(const TrainingBatch& batch, std::int64_t first, std::int64_t count) {
    const std::int64_t own = batch.labels.size(0) - batch.replayed;
    return {
        .images = batch.images.narrow(0, first, count),
        .labels = batch.labels.narrow(0, first, count),
        .rules = batch.rules,
        .replayed = std::clamp<std::int64_t>(first + count - own, 0, count),
        .dropout_seed = batch.dropout_seed,
        .targets = batch.targets.defined() ? batch.targets.narrow(0, first, count) : batch.targets};
}

/// With targets: - sum over the classes c of target_c log softmax(logits)_c, mean over the images.
Tensor cross_entropy(const Tensor& logits, const TrainingBatch& batch) {
    if (!batch.targets.defined()) return at::cross_entropy_loss(logits, batch.labels);
    return -(batch.targets * at::log_softmax(logits, 1)).sum(1).mean();
}

}  // namespace

PromptLearner::PromptLearner(const config::Config& config,
                             std::shared_ptr<const vit::FrozenVit> backbone,
                             std::int64_t num_classes, const Rng& rng)
    : config_(config),
      readout_(readout_of(config.vit_classifier)),
      backbone_(std::move(backbone)),
      vit_(backbone_, config),
      prompts_(config, backbone_->geometry(), rng),
      kernel_(at::zeros({backbone_->geometry().width, num_classes}).requires_grad_(true)),
      bias_(at::zeros({num_classes}).requires_grad_(true)) {
    auto own = prompts_.parameters();
    own.push_back({"head/kernel", kernel_});
    own.push_back({"head/bias", bias_});
    for (const auto& named : own)
        (is_frozen(named.name, config.freeze_part) ? frozen_ : trained_).push_back(named);
    trained_.insert(trained_.end(), vit_.trained().begin(), vit_.trained().end());
    require_words_are_known();
    if (!config.query_augmentation && !query_kind().constant) {
        throw UsageError(
            fmt::format(
                "query_augmentation = false keeps queries, but those of embedding_key \"{}\" "
                "change while the patch embedding is trained",
                config.prompt_pool_param.embedding_key),
            "set query_augmentation = true, or add \"embedding\" to freeze_part");
    }
    if (trained_.empty()) {
        throw UsageError("freeze_part leaves nothing to train", "take a word out of it");
    }
}

void PromptLearner::require_words_are_known() const {
    for (const std::string& word : config_.freeze_part) {
        bool known = false;
        const auto look = [&](const std::string& name) {
            known = known || is_frozen(name, {word});
        };
        for (const auto& [name, _] : state())
            look(name);
        for (const std::string& name : vit::weight_names(backbone_->geometry()))
            look(name);
        if (known) continue;
        throw UsageError(
            fmt::format("freeze_part holds \"{}\", but no parameter's path does", word),
            "take it out; paths are those of the public layout, such as "
            "Transformer/encoderblock_0/MlpBlock_3/Dense_0, and prompt_pool/prompt, "
            "prompt_pool/key, prefix, head/kernel, head/bias");
    }
}

std::vector<NamedTensor> PromptLearner::measured() const {
    if (config_.grad_clip_scope != "all") return {};
    auto result = frozen_;
    result.insert(result.end(), vit_.measured().begin(), vit_.measured().end());
    return result;
}

std::vector<NamedTensor> PromptLearner::state() const {
    auto result = frozen_;
    result.insert(result.end(), trained_.begin(), trained_.end());
    return result;
}

bool PromptLearner::reads_query() const {
    return unprompted() && readout_ == vit::Readout::kToken && vit_.trained().empty();
}

bool PromptLearner::reads_images() const {
    return !reads_query() || backbone_->geometry().dropout > 0 || !measured().empty();
}

QueryKind PromptLearner::query_kind() const {
    if (!prompts_.has_pool() && !reads_query()) return {};
    const std::string name = prompts_.has_pool() ? config_.prompt_pool_param.embedding_key : "cls";
    return {.name = name,
            .width = backbone_->geometry().width,
            .constant = name == "cls" || !vit_.trains_patches()};
}

Tensor PromptLearner::query(const Tensor& images) const {
    const at::NoGradGuard no_grad;
    const QueryKind kind = query_kind();
    if (kind.width == 0) return at::empty({images.size(0), 0});
    return kind.name == "cls" ? backbone_->cls(images) : patch_query(images);
}

Tensor PromptLearner::patch_query(const Tensor& images) const {
    const Tensor patches = vit_.patches(images);
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
    if (reads_query()) return scores(query);
    const auto injection = prompts_.injection(prompt_idx, images.size(0));
    return scores(vit_.features(images, injection, readout_));
}

Tensor PromptLearner::query_of(const TrainingBatch& batch) const {
    return batch.query.defined() ? batch.query : query(batch.images);
}

Tensor PromptLearner::prompts_of(const TrainingBatch& batch, const Tensor& query) const {
    const auto& mask = batch.rules.prompt_mask;
    if (!mask || !prompts_.has_pool()) return choose(query, Choice::kConfigured);
    return tensor::from_ints(*mask).unsqueeze(0).expand({query.size(0), -1});
}

Pass PromptLearner::forward(const TrainingBatch& batch) const {
    const Tensor query = query_of(batch);
    return forward(batch, query, prompts_of(batch, query));
}

Pass PromptLearner::forward(const TrainingBatch& batch, const Tensor& query,
                            const Tensor& prompt_idx) const {
    const bool dropout = backbone_->geometry().dropout > 0;
    Pass pass{.query = query, .prompt_idx = prompt_idx};
    if (prompts_.has_pool()) {
        const bool differentiated = query_kind().name != "cls" && vit_.differentiates_patches();
        pass.similarity =
            prompt::similarity(differentiated ? patch_query(batch.images) : query, prompts_.keys());
        pass.reduce_sim = prompt::reduced_similarity(pass.similarity, prompt_idx);
    }
    if (!reads_images()) {
        pass.pre_logits = pass.query;
    } else {
        std::optional<at::Generator> generator;
        if (dropout) generator = at::make_generator<at::CPUGeneratorImpl>(batch.dropout_seed);
        const auto injection = prompts_.injection(pass.prompt_idx, batch.images.size(0));
        pass.pre_logits = vit_.features(batch.images, injection, readout_, generator);
    }
    pass.logits = scores(pass.pre_logits);
    return pass;
}

Tensor PromptLearner::penalty() const {
    Tensor squares = at::zeros({});
    for (const auto& tensors : {parameters(), measured()}) {
        for (const NamedTensor& parameter : tensors) {
            if (is_decayed(parameter)) squares = squares + parameter.value.square().sum();
        }
    }
    return 0.5 * config_.weight_decay * squares;
}

Loss PromptLearner::loss_of(const Pass& pass, const TrainingBatch& batch) const {
    Loss loss{.logits = masked(pass.logits, batch)};
    loss.cross_entropy = cross_entropy(loss.logits, batch);
    loss.total = loss.cross_entropy;
    if (config_.weight_decay > 0 && config_.optim != "adamw") loss.total = loss.total + penalty();
    if (config_.pull_constraint && pass.reduce_sim.defined()) {
        loss.total = loss.total - config_.pull_constraint_coeff * pass.reduce_sim;
    }
    return loss;
}

Loss PromptLearner::loss(const TrainingBatch& batch) {
    return loss_of(forward(batch), batch);
}

Loss PromptLearner::add_gradients(const TrainingBatch& batch, double devices) {
    const std::int64_t images = batch.labels.size(0), at_once = vit_.images_at_once();
    if (at_once == 0 || images <= at_once || reads_query())
        return Method::add_gradients(batch, devices);
    const Tensor query = query_of(batch), prompt_idx = prompts_of(batch, query);
    Loss whole{.total = at::zeros({}), .cross_entropy = at::zeros({})};
    std::vector<Tensor> logits;
    for (std::int64_t first = 0; first < images; first += at_once) {
        const std::int64_t count = std::min(at_once, images - first);
        const auto rows = [&](const Tensor& all) {
            return all.defined() ? all.narrow(0, first, count) : all;
        };
        const TrainingBatch part = rows_of(batch, first, count);
        const Loss loss = loss_of(forward(part, rows(query), rows(prompt_idx)), part);
        const double share = static_cast<double>(count) / static_cast<double>(images);
        (loss.total * (share / devices)).backward();
        whole.total += share * loss.total.detach();
        whole.cross_entropy += share * loss.cross_entropy.detach();
        logits.push_back(loss.logits.detach());
    }
    whole.logits = at::cat(logits);
    return whole;
}

void PromptLearner::begin_step() {
    if (!config_.weight_norm) return;
    const at::NoGradGuard no_grad;
    kernel_.div_(kernel_.square().sum(0, /*keepdim=*/true).sqrt() + kNormEpsilon);
}

}  // namespace promptcl::method

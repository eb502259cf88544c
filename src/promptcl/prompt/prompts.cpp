#include "promptcl/prompt/prompts.h"

#include "promptcl/core/error.h"

#include <ATen/ATen.h>

#include <fmt/format.h>

namespace promptcl::prompt {
namespace {

/// From U[0, range), U[-range, range), N(0, range) or 0.
Tensor drawn(const std::vector<std::int64_t>& shape, const std::string& initializer, double range,
             Rng rng) {
    const auto unit = [&] {
        if (initializer == "zero") return 0.0;
        if (initializer == "normal") return rng.normal();
        return initializer == "symmetric" ? 2 * rng.uniform() - 1 : rng.uniform();
    };
    std::int64_t count = 1;
    for (const std::int64_t size : shape)
        count *= size;
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values)
        value = static_cast<float>(range * unit());
    return tensor::from_floats(values, shape).requires_grad_(true);
}

void check_layers(const std::vector<std::int64_t>& layers, const char* key, std::int64_t blocks) {
    for (const std::int64_t layer : layers) {
        if (layer < 0 || layer >= blocks) {
            throw UsageError(fmt::format("{} names layer {}, but the backbone has blocks 0 to {}",
                                         key, layer, blocks - 1),
                             "choose layers the backbone has");
        }
    }
}

/// Puts `rows` behind what is there already along dimension 1.
void append(Tensor& there, const Tensor& rows) {
    there = there.defined() ? at::cat({there, rows}, 1) : rows;
}

}  // namespace

Prompts::Prompts(const config::Config& config, const backbone::Geometry& geometry, const Rng& rng)
    : config_(config) {
    const std::int64_t width = geometry.width, heads = geometry.heads, e = geometry.head_width();
    const auto& pool = config.prompt_pool_param;
    if (config.use_e_prompt) {
        check_layers(config.e_prompt_layer_idx, "e_prompt_layer_idx", geometry.blocks);
        const auto layers = static_cast<std::int64_t>(config.e_prompt_layer_idx.size());
        const auto shape =
            config.use_prefix_tune_for_e_prompt
                ? std::vector<std::int64_t>{layers, 2, pool.pool_size, pool.length, heads, e}
                : std::vector<std::int64_t>{layers, pool.pool_size, pool.length, width};
        pool_ = drawn(shape, pool.initializer, pool.init_range, rng.fork("prompt_pool/prompt"));
        if (pool.prompt_key) {
            key_ = drawn({pool.pool_size, width}, pool.prompt_key_init, pool.init_range,
                         rng.fork("prompt_pool/key"));
        }
    }
    if (config.use_g_prompt) {
        check_layers(config.g_prompt_layer_idx, "g_prompt_layer_idx", geometry.blocks);
        const auto shape =
            config.use_prefix_tune_for_g_prompt
                ? std::vector<std::int64_t>{geometry.blocks, 2, config.g_prompt_length, heads, e}
                : std::vector<std::int64_t>{geometry.blocks, config.g_prompt_length, width};
        general_ = drawn(shape, config.g_prompt_initializer, pool.init_range, rng.fork("prefix"));
    }
}

std::vector<NamedTensor> Prompts::parameters() const {
    std::vector<NamedTensor> result;
    if (pool_.defined()) result.push_back({"prompt_pool/prompt", pool_});
    if (key_.defined()) result.push_back({"prompt_pool/key", key_});
    if (general_.defined()) result.push_back({"prefix", general_});
    return result;
}

Tensor Prompts::keys() const {
    require(has_pool(), "keys belong to a pool");
    if (key_.defined()) return key_;
    if (config_.use_prefix_tune_for_e_prompt)
        return pool_.mean(at::IntArrayRef({0, 1, 3})).flatten(1);
    return pool_.mean(at::IntArrayRef({0, 2}));
}

vit::Injection Prompts::injection(const Tensor& index, std::int64_t batch) const {
    vit::Injection result;
    result.placement = config_.prompt_placement == "after_cls" ? vit::Placement::kAfterCls
                                                               : vit::Placement::kBeforeCls;
    result.cls_position = config_.prompt_position_embedding;
    add_general(result, batch);  // first, so that G stands before E where a layer has both
    if (has_pool()) add_pool(result, index);
    return result;
}

void Prompts::add_general(vit::Injection& injection, std::int64_t batch) const {
    if (!general_.defined()) return;
    const auto for_all = [&](const Tensor& rows) {
        std::vector<std::int64_t> shape = rows.sizes().vec();
        shape.insert(shape.begin(), batch);
        return rows.unsqueeze(0).expand(shape);
    };
    for (const std::int64_t layer : config_.g_prompt_layer_idx) {
        const Tensor rows = general_.select(0, layer);
        if (config_.use_prefix_tune_for_g_prompt) {
            injection.prefix[layer] = {for_all(rows.select(0, 0)), for_all(rows.select(0, 1))};
        } else {
            injection.prepend[layer] = for_all(rows);
        }
    }
}

void Prompts::add_pool(vit::Injection& injection, const Tensor& index) const {
    tensor::expect_shape(index, {-1, config_.prompt_pool_param.top_k}, "prompt_idx");
    // [.., M, L, ..] -> [.., B, N*L, ..]: the chosen prompts of one image stay with that image, in
    // the order of the choice. All layers at once, so that their gradients come back as one.
    const bool prefixes = config_.use_prefix_tune_for_e_prompt;
    const std::int64_t m = prefixes ? 2 : 1;
    const Tensor chosen = pool_.index_select(m, index.reshape({-1}))
                              .unflatten(m, {index.size(0), index.size(1)})
                              .flatten(m + 1, m + 2);
    const auto parts = (prefixes ? chosen.flatten(0, 1) : chosen).unbind();
    auto part = parts.begin();
    for (const std::int64_t layer : config_.e_prompt_layer_idx) {
        if (prefixes) {
            vit::Prefix& prefix = injection.prefix[layer];
            append(prefix.key, *part++);
            append(prefix.value, *part++);
        } else {
            append(injection.prepend[layer], *part++);
        }
    }
}

void Prompts::start_from_previous(std::int64_t task) {
    const auto& pool = config_.prompt_pool_param;
    const std::int64_t n = pool.top_k, from = (task - 1) * n, to = task * n;
    if (!has_pool() || task < 1 || to + n > pool.pool_size) return;
    const at::NoGradGuard no_grad;
    const std::int64_t pool_dimension = config_.use_prefix_tune_for_e_prompt ? 2 : 1;
    if (pool.shared_prompt_pool)
        pool_.narrow(pool_dimension, to, n).copy_(pool_.narrow(pool_dimension, from, n));
    if (pool.shared_prompt_key && key_.defined())
        key_.narrow(0, to, n).copy_(key_.narrow(0, from, n));
}

}  // namespace promptcl::prompt

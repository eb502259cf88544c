#include "promptcl/predict/prompts.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace promptcl::predict {
namespace {

constexpr float kLeastSquare = 1e-12F;  // of l2_normalize, as the original

std::vector<float> floats_of(const model::Classifier& classifier, const char* name) {
    const auto found = classifier.state.arrays.find(name);
    return found == classifier.state.arrays.end() ? std::vector<float>{} : found->second.as_float();
}

double dot(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

/// Without learnt keys the key of a prompt is its mean over all that is neither pool nor width:
/// pool [outer, M, inner, D], D the last `width` numbers.
std::vector<std::vector<float>> mean_keys(const std::vector<float>& pool, std::int64_t outer,
                                          std::int64_t prompts, std::int64_t width) {
    const std::int64_t inner = std::ssize(pool) / (outer * prompts * width);
    std::vector<std::vector<float>> keys;
    for (std::int64_t m = 0; m < prompts; ++m) {
        std::vector<double> sum(static_cast<std::size_t>(width));
        for (std::int64_t o = 0; o < outer; ++o) {
            for (std::int64_t i = 0; i < inner; ++i) {
                const float* row = pool.data() + ((o * prompts + m) * inner + i) * width;
                std::transform(sum.begin(), sum.end(), row, sum.begin(), std::plus<>());
            }
        }
        std::vector<float>& key = keys.emplace_back();
        for (const double value : sum)
            key.push_back(static_cast<float>(value / static_cast<double>(outer * inner)));
    }
    return keys;
}

}  // namespace

std::vector<float> l2_normalized(std::span<const float> x) {
    const float scale = 1 / std::sqrt(std::max(static_cast<float>(dot(x, x)), kLeastSquare));
    std::vector<float> result;
    for (const float value : x)
        result.push_back(value * scale);
    return result;
}

Prompts::Prompts(const model::Classifier& classifier)
    : config_(classifier.state.config),
      width_(classifier.backbone.geometry.width),
      pool_(floats_of(classifier, "prompt_pool/prompt")),
      general_(floats_of(classifier, "prefix")) {
    if (pool_.empty()) return;
    const std::int64_t prompts = config_.prompt_pool_param.pool_size;
    if (config_.prompt_pool_param.prompt_key) {
        const auto keys = floats_of(classifier, "prompt_pool/key");
        for (std::int64_t m = 0; m < prompts; ++m)
            keys_.emplace_back(keys.begin() + m * width_, keys.begin() + (m + 1) * width_);
    } else {
        const auto layers = std::ssize(config_.e_prompt_layer_idx);
        keys_ = mean_keys(pool_, config_.use_prefix_tune_for_e_prompt ? 2 * layers : layers,
                          prompts, width_);
    }
    for (auto& key : keys_)
        key = l2_normalized(key);
}

Choice Prompts::choose(std::span<const float> query) const {
    if (!has_pool()) return {};
    const auto direction = l2_normalized(query);
    std::vector<float> cosines;
    for (const auto& key : keys_)
        cosines.push_back(static_cast<float>(dot(direction, key)));
    Choice choice{.ids = std::vector<std::int64_t>(keys_.size()), .similarity = 0};
    std::iota(choice.ids.begin(), choice.ids.end(), 0);
    std::ranges::stable_sort(choice.ids, std::ranges::greater(), [&](std::int64_t id) {
        return cosines[static_cast<std::size_t>(id)];
    });
    choice.ids.resize(static_cast<std::size_t>(config_.prompt_pool_param.top_k));
    for (const std::int64_t id : choice.ids)
        choice.similarity += static_cast<double>(cosines[static_cast<std::size_t>(id)]);
    choice.similarity /= static_cast<double>(choice.ids.size());
    return choice;
}

std::vector<Prompts::Part> Prompts::parts() const {
    std::vector<Part> parts;
    if (!general_.empty()) {
        for (const std::int64_t block : config_.g_prompt_layer_idx) {
            parts.push_back({.block = block,
                             .rows = config_.g_prompt_length,
                             .prefix = config_.use_prefix_tune_for_g_prompt,
                             .general = true,
                             .layer = block});
        }
    }
    if (!pool_.empty()) {
        const auto& pool = config_.prompt_pool_param;
        for (std::int64_t i = 0; i < std::ssize(config_.e_prompt_layer_idx); ++i) {
            parts.push_back({.block = config_.e_prompt_layer_idx[static_cast<std::size_t>(i)],
                             .rows = pool.top_k * pool.length,
                             .prefix = config_.use_prefix_tune_for_e_prompt,
                             .general = false,
                             .layer = i});
        }
    }
    return parts;
}

void Prompts::append_rows(const Part& part, bool value, const Choice& choice,
                          std::vector<float>& to) const {
    // prefix [blocks, 2, Lg, D] or [blocks, Lg, D]; pool [layers, 2, M, L, D] or [layers, M, L, D].
    const std::int64_t half = part.prefix ? 2 * part.layer + (value ? 1 : 0) : part.layer;
    if (part.general) {
        const std::int64_t size = part.rows * width_;
        const auto begin = general_.begin() + half * size;
        to.insert(to.end(), begin, begin + size);
        return;
    }
    const auto& pool = config_.prompt_pool_param;
    const std::int64_t size = pool.length * width_;
    for (const std::int64_t id : choice.ids) {
        const auto begin = pool_.begin() + (half * pool.pool_size + id) * size;
        to.insert(to.end(), begin, begin + size);
    }
}

Prompts::Injection Prompts::injection(std::span<const Choice> choices) const {
    struct Rows {
        std::vector<Part> parts;
        std::int64_t count = 0;
    };
    std::map<std::int64_t, Rows> prepends, prefixes;  // by block
    for (const Part& part : parts()) {
        Rows& rows = (part.prefix ? prefixes : prepends)[part.block];
        rows.parts.push_back(part);
        rows.count += part.rows;
    }
    Injection result;
    result.plain.after_cls = config_.prompt_placement == "after_cls";
    result.plain.cls_position = config_.prompt_position_embedding;
    const auto held = [&](const Rows& rows, bool value) {
        std::vector<float>& all = result.held.emplace_back();
        for (const Choice& choice : choices) {
            for (const Part& part : rows.parts)
                append_rows(part, value, choice, all);
        }
        return all.data();
    };
    for (const auto& [block, rows] : prepends)
        result.plain.prepends.push_back({block, rows.count, held(rows, false)});
    for (const auto& [block, rows] : prefixes) {
        const float* key = held(rows, false);
        result.plain.prefixes.push_back({block, rows.count, key, held(rows, true)});
    }
    return result;
}

}  // namespace promptcl::predict

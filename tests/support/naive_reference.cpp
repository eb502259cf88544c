#include "tests/support/naive_reference.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace promptcl::support {
namespace {

/// Prompts start at a magnitude of 0.01 and meet a LayerNorm first, so the loss bends over
/// distances of that size: 1e-6 is short beside it (relative error (1e-6 / 1e-2)^2) and long
/// beside the rounding of a double (1e-16 / 1e-6).
constexpr double kDifference = 1e-6;

double square(double x) {
    return x * x;
}

double dot(const Row& a, const Row& b) {
    double sum = 0;
    for (std::size_t d = 0; d < a.size(); ++d)
        sum += a[d] * b[d];
    return sum;
}

Row unit(const Row& x) {
    const double factor = 1 / std::sqrt(std::max(dot(x, x), 1e-12));
    Row y = x;
    for (double& value : y)
        value *= factor;
    return y;
}

Row mean_of(const Rows& rows, std::size_t first, std::size_t count) {
    Row mean(rows.front().size(), 0.0);
    for (std::size_t r = first; r < first + count; ++r) {
        for (std::size_t d = 0; d < mean.size(); ++d)
            mean[d] += rows[r][d] / static_cast<double>(count);
    }
    return mean;
}

/// Rows [index...][0..count) of an array whose last dimensions hold `width` numbers.
Rows rows_at(const Values& values, std::int64_t first, std::int64_t count, std::int64_t width) {
    Rows rows;
    for (std::int64_t r = first; r < first + count; ++r)
        rows.emplace_back(values.data.begin() + r * width, values.data.begin() + (r + 1) * width);
    return rows;
}

void extend(Rows& rows, const Rows& more) {
    rows.insert(rows.end(), more.begin(), more.end());
}

/// One device's share: so many of the own images and so many of the replayed ones.
NaiveBatch part_of(const NaiveBatch& batch, std::int64_t device, std::int64_t devices) {
    const auto all = static_cast<std::int64_t>(batch.labels.size());
    NaiveBatch part{.classes = batch.classes,
                    .prompt_mask = batch.prompt_mask,
                    .replayed = batch.replayed / devices};
    const auto take = [&](std::int64_t first, std::int64_t count) {
        for (std::int64_t b = first + device * count; b < first + (device + 1) * count; ++b) {
            part.images.push_back(batch.images[static_cast<std::size_t>(b)]);
            part.labels.push_back(batch.labels[static_cast<std::size_t>(b)]);
        }
    };
    take(0, (all - batch.replayed) / devices);
    take(all - batch.replayed, part.replayed);
    return part;
}

double cross_entropy(const Row& logits, std::int64_t label, const Ids& visible) {
    double sum = 0;
    for (const std::int64_t c : visible)
        sum += std::exp(logits[static_cast<std::size_t>(c)]);
    return std::log(sum) - logits[static_cast<std::size_t>(label)];
}

}  // namespace

Parameters random_parameters(const config::Config& config, const backbone::Geometry& geometry,
                             std::int64_t num_classes, const Rng& rng) {
    const std::int64_t width = geometry.width, heads = geometry.heads, e = width / heads;
    const auto layers = static_cast<std::int64_t>(config.e_prompt_layer_idx.size());
    const auto& pool = config.prompt_pool_param;
    Parameters result;
    if (config.use_e_prompt && config.use_prefix_tune_for_e_prompt)
        result["prompt_pool/prompt"].shape = {layers, 2, pool.pool_size, pool.length, heads, e};
    if (config.use_e_prompt && !config.use_prefix_tune_for_e_prompt)
        result["prompt_pool/prompt"].shape = {layers, pool.pool_size, pool.length, width};
    if (config.use_e_prompt && pool.prompt_key)
        result["prompt_pool/key"].shape = {pool.pool_size, width};
    if (config.use_g_prompt && config.use_prefix_tune_for_g_prompt)
        result["prefix"].shape = {geometry.blocks, 2, config.g_prompt_length, heads, e};
    if (config.use_g_prompt && !config.use_prefix_tune_for_g_prompt)
        result["prefix"].shape = {geometry.blocks, config.g_prompt_length, width};
    result["head/kernel"].shape = {width, num_classes};
    result["head/bias"].shape = {num_classes};
    for (auto& [name, values] : result) {
        std::int64_t count = 1;
        for (const std::int64_t size : values.shape)
            count *= size;
        Rng own = rng.fork(name);
        for (std::int64_t i = 0; i < count; ++i)
            values.data.push_back((name.starts_with("head") ? 0.3 : 0.1) * own.normal());
    }
    return result;
}

Ids largest(const Row& values, std::int64_t k) {
    Ids chosen;
    std::set<std::size_t> taken;
    while (static_cast<std::int64_t>(chosen.size()) < k) {
        std::optional<std::size_t> best;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!taken.contains(i) && (!best || values[i] > values[*best])) best = i;
        }
        taken.insert(*best);
        chosen.push_back(static_cast<std::int64_t>(*best));
    }
    return chosen;
}

Ids most_frequent(const std::vector<Ids>& picks, std::int64_t k, std::int64_t pool_size) {
    Row counts(static_cast<std::size_t>(pool_size), 0.0);
    for (const Ids& row : picks) {
        for (const std::int64_t id : row)
            counts[static_cast<std::size_t>(id)] += 1;
    }
    return largest(counts, k);
}

NaiveReference::NaiveReference(const config::Config& config, NaiveVit vit, Parameters initial)
    : config_(config), vit_(std::move(vit)), parameters_(std::move(initial)) {
    for (const auto& [name, values] : parameters_)
        first_[name] = second_[name] = {values.shape, Row(values.data.size(), 0.0)};
}

Row NaiveReference::query(const Row& image) const {
    const std::string& key = config_.prompt_pool_param.embedding_key;
    if (key == "cls") return vit_.forward(image, {}).rows[0];
    const Rows patches = vit_.patches(image);
    const Row mean = mean_of(patches, 0, patches.size());
    Row result(mean.size());
    for (std::size_t d = 0; d < mean.size(); ++d) {
        double highest = patches[0][d];
        for (const Row& patch : patches)
            highest = std::max(highest, patch[d]);
        result[d] = key == "mean" ? mean[d] : key == "max" ? highest : highest + 2 * mean[d];
    }
    return result;
}

Rows NaiveReference::keys() const {
    const auto& pool = config_.prompt_pool_param;
    const std::int64_t width = vit_.geometry().width;
    if (pool.prompt_key)
        return rows_at(parameters_.at("prompt_pool/key"), 0, pool.pool_size, width);
    // The mean of the prompt over layers and length (and over its key and value part).
    const std::int64_t halves = config_.use_prefix_tune_for_e_prompt ? 2 : 1;
    const auto layers = static_cast<std::int64_t>(config_.e_prompt_layer_idx.size()) * halves;
    Rows keys;
    for (std::int64_t m = 0; m < pool.pool_size; ++m) {
        Rows own;
        for (std::int64_t l = 0; l < layers; ++l) {
            extend(own, rows_at(parameters_.at("prompt_pool/prompt"),
                                (l * pool.pool_size + m) * pool.length, pool.length, width));
        }
        keys.push_back(mean_of(own, 0, own.size()));
    }
    return keys;
}

std::vector<Ids> NaiveReference::choose(const Rows& similarity) const {
    const auto& pool = config_.prompt_pool_param;
    std::vector<Ids> picks;
    for (const Row& row : similarity)
        picks.push_back(largest(row, pool.top_k));
    if (pool.batchwise_prompt) {
        const Ids voted = most_frequent(picks, pool.top_k, pool.pool_size);
        for (Ids& row : picks)
            row = voted;
    }
    return picks;
}

NaiveInjection NaiveReference::injection(const Ids& ids) const {
    const std::int64_t width = vit_.geometry().width;
    NaiveInjection result;
    result.after_cls = config_.prompt_placement == "after_cls";
    result.cls_position = config_.prompt_position_embedding;
    if (config_.use_g_prompt) {
        const Values& prefix = parameters_.at("prefix");
        const std::int64_t length = config_.g_prompt_length;
        for (const std::int64_t layer : config_.g_prompt_layer_idx) {
            if (config_.use_prefix_tune_for_g_prompt) {
                result.keys[layer] = rows_at(prefix, 2 * layer * length, length, width);
                result.values[layer] = rows_at(prefix, (2 * layer + 1) * length, length, width);
            } else {
                result.tokens[layer] = rows_at(prefix, layer * length, length, width);
            }
        }
    }
    if (!config_.use_e_prompt) return result;
    const Values& prompt = parameters_.at("prompt_pool/prompt");
    const std::int64_t pool = config_.prompt_pool_param.pool_size;
    const std::int64_t length = config_.prompt_pool_param.length;
    for (std::size_t i = 0; i < config_.e_prompt_layer_idx.size(); ++i) {
        const std::int64_t layer = config_.e_prompt_layer_idx[i];
        const auto l = static_cast<std::int64_t>(i);
        for (const std::int64_t id : ids) {
            const auto rows = [&](std::int64_t plane) {
                return rows_at(prompt, (plane * pool + id) * length, length, width);
            };
            if (config_.use_prefix_tune_for_e_prompt) {
                extend(result.keys[layer], rows(2 * l));
                extend(result.values[layer], rows(2 * l + 1));
            } else {
                extend(result.tokens[layer], rows(l));
            }
        }
    }
    return result;
}

Row NaiveReference::features(const NaiveTokens& tokens) const {
    const bool after_cls = config_.prompt_placement == "after_cls";
    Row x;
    if (config_.vit_classifier == "token") x = tokens.rows[after_cls ? 0 : tokens.prompts];
    if (config_.vit_classifier == "prompt")
        x = mean_of(tokens.rows, after_cls ? 1 : 0, tokens.prompts);
    if (config_.vit_classifier == "token+prompt") x = mean_of(tokens.rows, 0, tokens.prompts + 1);
    if (config_.vit_classifier == "gap") x = mean_of(tokens.rows, 0, tokens.rows.size());
    return x;
}

Ids NaiveReference::visible(const NaiveBatch& part, std::size_t b, std::size_t classes) const {
    const bool replayed = b >= part.labels.size() - static_cast<std::size_t>(part.replayed);
    const auto& continual = config_.continual;
    Ids result;
    for (std::int64_t c = 0; c < static_cast<std::int64_t>(classes); ++c) {
        const bool of_task = !part.classes || std::find(part.classes->begin(), part.classes->end(),
                                                        c) != part.classes->end();
        const bool seen = !part.classes || !replayed || !continual.replay_no_mask ? of_task
                          : continual.replay_reverse_mask                         ? !of_task
                                                                                  : true;
        if (seen) result.push_back(c);
    }
    return result;
}

double NaiveReference::penalty() const {
    double sum = 0;
    for (const auto& [name, values] : parameters_) {
        if (values.shape.size() > 1) sum += dot(values.data, values.data);
    }
    return 0.5 * config_.weight_decay * sum;
}

void NaiveReference::finish(const NaiveBatch& part, NaivePass& pass) const {
    const auto batch = static_cast<double>(part.labels.size());
    const Row& kernel = parameters_.at("head/kernel").data;
    const Row& bias = parameters_.at("head/bias").data;
    const Rows all_keys = config_.use_e_prompt ? keys() : Rows{};
    for (std::size_t b = 0; b < part.labels.size(); ++b) {
        const Ids ids = config_.use_e_prompt ? pass.prompt_idx[b] : Ids{};
        for (const std::int64_t id : ids)
            pass.reduce_sim +=
                dot(unit(all_keys[static_cast<std::size_t>(id)]), unit(pass.query[b])) / batch;
        pass.pre_logits.push_back(features(vit_.forward(part.images[b], injection(ids))));
        const Row& x = pass.pre_logits[b];
        const double norm = config_.norm_pre_logits ? std::sqrt(dot(x, x)) + 1e-10 : 1.0;
        Row logits = bias;
        for (std::size_t c = 0; c < logits.size(); ++c) {
            for (std::size_t d = 0; d < x.size(); ++d)
                logits[c] += x[d] / norm * kernel[d * logits.size() + c];
            logits[c] /= config_.temperature;
        }
        pass.logits.push_back(logits);
        pass.cross_entropy +=
            cross_entropy(logits, part.labels[b], visible(part, b, logits.size())) / batch;
    }
    pass.loss = pass.cross_entropy;
    if (config_.pull_constraint) pass.loss -= config_.pull_constraint_coeff * pass.reduce_sim;
    if (config_.weight_decay > 0 && config_.optim != "adamw") pass.loss += penalty();
}

NaivePass NaiveReference::forward(const NaiveBatch& part) const {
    NaivePass pass;
    for (const Row& image : part.images)
        pass.query.push_back(query(image));
    if (config_.use_e_prompt) {
        for (const Row& row : pass.query) {
            pass.similarity.emplace_back();
            for (const Row& key : keys())
                pass.similarity.back().push_back(dot(unit(row), unit(key)));
        }
        pass.prompt_idx = part.prompt_mask ? std::vector<Ids>(part.labels.size(), *part.prompt_mask)
                                           : choose(pass.similarity);
    }
    finish(part, pass);
    return pass;
}

NaiveStep NaiveReference::differentiate(const NaiveBatch& batch) {
    if (config_.weight_norm) unit_columns();
    const std::int64_t devices = config_.num_devices;
    NaiveStep step;
    std::vector<NaiveBatch> parts;
    std::vector<NaivePass> chosen;  // query and prompt_idx alone: nothing is differentiated there
    for (std::int64_t device = 0; device < devices; ++device) {
        parts.push_back(part_of(batch, device, devices));
        const NaivePass pass = forward(parts.back());
        step.loss += pass.loss / static_cast<double>(devices);
        step.cross_entropy += pass.cross_entropy / static_cast<double>(devices);
        chosen.push_back({.query = pass.query, .prompt_idx = pass.prompt_idx});
    }
    const auto loss = [&] {
        double sum = 0;
        for (std::size_t device = 0; device < parts.size(); ++device) {
            NaivePass pass = chosen[device];
            finish(parts[device], pass);
            sum += pass.loss / static_cast<double>(devices);
        }
        return sum;
    };
    for (auto& [name, values] : parameters_) {
        Values gradient{values.shape, {}};
        for (double& value : values.data) {
            const double kept = value;
            value = kept + kDifference;
            const double above = loss();
            value = kept - kDifference;
            const double below = loss();
            value = kept;
            gradient.data.push_back((above - below) / (2 * kDifference));
        }
        step.grad_norm += dot(gradient.data, gradient.data);
        step.gradients[name] = gradient;
    }
    step.grad_norm = std::sqrt(step.grad_norm);
    return step;
}

void NaiveReference::update(const NaiveStep& step, double learning_rate) {
    ++steps_;
    const double limit = config_.grad_clip_max_norm;
    const double factor = limit > 0 ? std::min(1.0, limit / (step.grad_norm + 1e-6)) : 1.0;
    for (auto& [name, values] : parameters_) {
        for (std::size_t i = 0; i < values.data.size(); ++i) {
            const double g = factor * step.gradients.at(name).data[i];
            double& p = values.data[i];
            double& m = first_.at(name).data[i];
            double& v = second_.at(name).data[i];
            if (config_.optim == "sgd") {
                m = config_.sgd_momentum * m + g;
                p -= learning_rate * (g + config_.sgd_momentum * m);
                continue;
            }
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * square(g);
            const double mean = m / (1 - std::pow(0.9, steps_));
            const double deviation = std::sqrt(v / (1 - std::pow(0.999, steps_)));
            p -= learning_rate * mean / (deviation + 1e-8) +
                 learning_rate * config_.weight_decay * p;
        }
    }
}

void NaiveReference::unit_columns() {
    Values& kernel = parameters_.at("head/kernel");
    const auto columns = static_cast<std::size_t>(kernel.shape[1]);
    for (std::size_t c = 0; c < columns; ++c) {
        double norm = 0;
        for (std::size_t i = c; i < kernel.data.size(); i += columns)
            norm += square(kernel.data[i]);
        for (std::size_t i = c; norm > 0 && i < kernel.data.size(); i += columns)
            kernel.data[i] /= std::sqrt(norm);
    }
}

}  // namespace promptcl::support

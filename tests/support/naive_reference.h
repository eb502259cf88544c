// L2P and DualPrompt as straight loops in double, one image and one number at a time: what the
// tensor code is held against. Written from spec sections 2-4 and nothing else; shares no code with
// src/promptcl/{vit,prompt,method,train}.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/core/rng.h"

#include "tests/support/naive_vit.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::support {

using Ids = std::vector<std::int64_t>;

/// A dense array in row-major order.
struct Values {
    std::vector<std::int64_t> shape;
    Row data;
};
/// By name: prompt_pool/prompt, prompt_pool/key, prefix, head/kernel, head/bias, as far as the
/// configuration has them.
using Parameters = std::map<std::string, Values>;

/// Everything learnt, in the spec's shapes, drawn from N(0, 0.1^2), the head from N(0, 0.3^2): far
/// enough from the spec's start that every parameter has a gradient in the first step.
Parameters random_parameters(const config::Config& config, const backbone::Geometry& geometry,
                             std::int64_t num_classes, const Rng& rng);

struct NaiveBatch {
    Rows images;  // [B], each [3, S, S]
    Ids labels;
    std::optional<Ids> classes;      // train mask
    std::optional<Ids> prompt_mask;  // forced ids
    std::int64_t replayed = 0;       // that many last images are replayed
};

/// What one device's pass computes; a row an image.
struct NaivePass {
    Rows query, similarity, pre_logits, logits;
    std::vector<Ids> prompt_idx;
    double reduce_sim = 0, cross_entropy = 0, loss = 0;
};

struct NaiveStep {
    double loss = 0, cross_entropy = 0;  // mean over the devices
    double grad_norm = 0;                // before clipping
    Parameters gradients;                // mean over the devices, before clipping
};

class NaiveReference {
  public:
    NaiveReference(const config::Config& config, NaiveVit vit, Parameters initial);

    const Parameters& parameters() const { return parameters_; }

    NaivePass forward(const NaiveBatch& part) const;
    /// Loss and gradients of a global batch of config.num_devices equal parts, the gradients by
    /// central differences of every single parameter.
    NaiveStep differentiate(const NaiveBatch& batch);
    /// Clips and applies the gradients at this rate.
    void update(const NaiveStep& step, double learning_rate);

  private:
    Row query(const Row& image) const;
    Rows keys() const;
    std::vector<Ids> choose(const Rows& similarity) const;
    NaiveInjection injection(const Ids& ids) const;
    Row features(const NaiveTokens& tokens) const;
    /// The classes that image b of a batch is scored over in training.
    Ids visible(const NaiveBatch& part, std::size_t b, std::size_t classes) const;
    /// Fills all but query, similarity and prompt_idx, which are given and held fixed.
    void finish(const NaiveBatch& part, NaivePass& pass) const;
    double penalty() const;
    void unit_columns();

    config::Config config_;
    NaiveVit vit_;
    Parameters parameters_, first_, second_;  // the moments of the optimizer
    int steps_ = 0;
};

/// The k ids of the largest values, the largest first, of equal ones the lower id.
Ids largest(const Row& values, std::int64_t k);
/// The k ids that occur most often among ids 0..pool_size-1, of equally frequent ones the lower.
Ids most_frequent(const std::vector<Ids>& picks, std::int64_t k, std::int64_t pool_size);

}  // namespace promptcl::support

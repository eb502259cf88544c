// A classifier's prompts as plain arrays: which an image chooses, and what goes into the ViT.
#pragma once

#include "promptcl/engine/layout.h"
#include "promptcl/model/classifier.h"

#include <cstdint>
#include <span>
#include <vector>

namespace promptcl::predict {

/// x / |x| with |x|^2 at least 1e-12. Source: spec section 3.
std::vector<float> l2_normalized(std::span<const float> x);

/// What an image chose.
struct Choice {
    std::vector<std::int64_t> ids;  // best first; empty without a pool
    double similarity = 1;          // mean cosine of the query with their keys; 1 without a pool
};

/// Letters: M prompts in the pool, N of them for an image, D width, B batch. The counterpart
/// without LibTorch of prompt::Prompts and prompt::nearest(), for images that choose each for
/// itself.
class Prompts {
  public:
    explicit Prompts(const model::Classifier& classifier);

    bool has_pool() const { return !keys_.empty(); }
    /// The N prompts whose keys are nearest to a query [D] by cosine, ties to the lower id.
    Choice choose(std::span<const float> query) const;

    /// The rows of one block for a batch; owns what an engine::Injection points to.
    struct Injection {
        engine::Injection plain;
        std::vector<std::vector<float>> held;
    };
    /// G-prompts and chosen prompts, G first where a block has both.
    Injection injection(std::span<const Choice> choices) const;

  private:
    struct Part {
        std::int64_t block, rows;
        bool prefix;         // keys and values, otherwise tokens
        bool general;        // the same for all images, otherwise of the pool
        std::int64_t layer;  // of e_prompt_layer_idx
    };
    /// The rows [rows, D] of one part for one image; `value` picks the second half of a prefix.
    void append_rows(const Part& part, bool value, const Choice& choice,
                     std::vector<float>& to) const;
    std::vector<Part> parts() const;

    config::Config config_;
    std::int64_t width_;
    std::vector<float> pool_, general_;
    std::vector<std::vector<float>> keys_;  // M, normalized
};

}  // namespace promptcl::predict

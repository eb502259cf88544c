// The learnt prompts of L2P and DualPrompt, and how they become an injection into the ViT.
#pragma once

#include "promptcl/backbone/geometry.h"
#include "promptcl/config/config.h"
#include "promptcl/core/rng.h"
#include "promptcl/tensor/tensor.h"
#include "promptcl/vit/injection.h"

#include <cstdint>
#include <vector>

namespace promptcl::prompt {

/// The pool of E-prompts with its keys and the G-prompts, as far as the configuration has them.
/// Letters: M pool size, L tokens a prompt, N prompts an image, Lg tokens of the G-prompt, D width,
/// H heads, E = D/H.
///
///   prompt_pool/prompt  [layers, M, L, D] (prompt tuning) or [layers, 2, M, L, H, E] (prefix
///   tuning; 2 = key, value) prompt_pool/key     [M, D], with prompt_key prefix [blocks, 2, Lg, H,
///   E] or [blocks, Lg, D]; only the rows in g_prompt_layer_idx are used
/// Source: spec section 3; google-research/l2p models/prompt.py and models/vit.py.
class Prompts {
  public:
    /// Draws the initial values: with r = init_range U[0, r) ("uniform"), U[-r, r) ("symmetric"),
    /// N(0, r) ("normal") or 0 ("zero").
    /// Throws UsageError when a layer index lies beyond the blocks of the backbone.
    Prompts(const config::Config& config, const backbone::Geometry& geometry, const Rng& rng);

    /// The trained tensors, in the order above.
    std::vector<NamedTensor> parameters() const;

    bool has_pool() const { return pool_.defined(); }
    /// [M, D]: the learnt keys, or without prompt_key the mean of each prompt over layers and
    /// length.
    Tensor keys() const;

    /// What goes into the ViT for a batch of that size; index [B, N] chooses from the pool
    /// (undefined without a pool).
    vit::Injection injection(const Tensor& index, std::int64_t batch) const;

    /// Before task t > 0: with shared_prompt_pool (shared_prompt_key) the prompts (keys) of slots
    /// [(t-1)N, tN) are copied to [tN, (t+1)N) when both lie in the pool.
    void start_from_previous(std::int64_t task);

  private:
    void add_pool(vit::Injection& injection, const Tensor& index) const;
    void add_general(vit::Injection& injection, std::int64_t batch) const;

    config::Config config_;
    Tensor pool_, key_, general_;
};

}  // namespace promptcl::prompt

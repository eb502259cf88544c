// Classifiers of a few numbers over the tiny ViT.
#pragma once

#include "promptcl/model/classifier.h"

#include <string>
#include <vector>

namespace promptcl::support {

/// L2P with a pool of 4 prompts of 2 tokens, 2 of them for an image, at block 0.
config::Config small_l2p();
/// DualPrompt with a G-prefix of 2 tokens at block 0 and E-prefixes of 2 tokens at blocks 1 and 2,
/// a pool of 4, one of them for an image.
config::Config small_dualprompt();

/// Sound, with arrays drawn from `seed` and a history of one export.
model::Classifier small_classifier(const config::Config& config,
                                   const std::vector<std::string>& classes, std::uint64_t seed = 1);

}  // namespace promptcl::support

// Which parameters freeze_part leaves in training.
#pragma once

#include "promptcl/backbone/geometry.h"
#include "promptcl/config/config.h"

#include <string>
#include <vector>

namespace promptcl::method {

/// Whether `name` holds one of the words of freeze_part. Source: spec section 4.
bool is_frozen(const std::string& name, const std::vector<std::string>& freeze_part);

/// The tensors of the ViT that the configured method trains, by their names in vit::Weights; none
/// when the ViT stays frozen.
std::vector<std::string> trained_weights(const config::Config& config,
                                         const backbone::Geometry& geometry);

}  // namespace promptcl::method

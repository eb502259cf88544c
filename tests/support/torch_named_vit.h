// ViTs as PyTorch libraries save them, made by straight loops from the public layout.
#pragma once

#include "promptcl/backbone/checkpoint.h"

#include <string>

namespace promptcl::support {

/// As tiny_geometry(), but of width 10, which is known to have 2 heads: PyTorch's names do not
/// tell.
backbone::Geometry tiny_torch_geometry();

/// The arrays of timm's VisionTransformer.
io::ArrayMap timm_arrays(const backbone::Checkpoint& checkpoint);

/// The arrays of Hugging Face's ViTModel (no prefix) or of a model around it ("vit.").
io::ArrayMap hugging_face_arrays(const backbone::Checkpoint& checkpoint, const std::string& prefix);

/// The bytes of a safetensors file with these arrays, as PyTorch's tools write it.
std::string safetensors_bytes(const io::ArrayMap& arrays);

}  // namespace promptcl::support

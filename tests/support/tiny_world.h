// The tiny ViT and images for it as tensors, with the configurations that go with them.
#pragma once

#include "promptcl/tensor/tensor.h"
#include "promptcl/vit/vit.h"

#include "tests/support/tiny_config.h"
#include "tests/support/tiny_vit.h"

#include <memory>

namespace promptcl::support {

inline std::shared_ptr<const vit::Vit> tiny_backbone(std::uint64_t seed,
                                                     vit::Gelu gelu = vit::Gelu::kTanh) {
    return std::make_shared<const vit::Vit>(tiny_checkpoint(seed), kTinyImage, gelu);
}

/// [count, 3, 8, 8] in [0, 1).
inline Tensor tiny_images(std::int64_t count, std::uint64_t seed) {
    return tensor::from_floats(random_images(count, kTinyImage, Rng(seed)),
                               {count, 3, kTinyImage, kTinyImage});
}

}  // namespace promptcl::support

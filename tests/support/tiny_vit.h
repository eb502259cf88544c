// A Vision Transformer of a few hundred numbers, in memory or as a file.
#pragma once

#include "promptcl/backbone/checkpoint.h"
#include "promptcl/core/rng.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace promptcl::support {

inline constexpr std::int64_t kTinyGrid = 2;   // patches a side, in the position embedding
inline constexpr std::int64_t kTinyImage = 8;  // side of an image of that grid

/// Patch 4, width 8, MLP 12, 2 heads, 3 blocks, no dropout.
backbone::Geometry tiny_geometry();

/// Random weights of any geometry, of a size that keeps every activation near 1: kernels
/// N(0, 1/inputs), scales N(1, 0.01), all other arrays N(0, 0.04) but cls and position N(0, 0.25).
backbone::Checkpoint random_checkpoint(const backbone::Geometry& geometry, std::int64_t grid,
                                       const Rng& rng);

/// The tiny ViT for images of 8 x 8.
backbone::Checkpoint tiny_checkpoint(std::uint64_t seed);

/// Writes a checkpoint as .npz in the public layout.
void write_checkpoint(const std::filesystem::path& path, const backbone::Checkpoint& checkpoint);

/// Pixels in [0, 1) of `count` images [count, 3, side, side].
std::vector<float> random_images(std::int64_t count, std::int64_t side, Rng rng);

}  // namespace promptcl::support

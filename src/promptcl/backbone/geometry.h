// The shape of a Vision Transformer, and the shapes that have a name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace promptcl::backbone {

/// Everything that fixes the arithmetic of a plain ViT but its input size. Letters: D width, H
/// heads, F MLP width.
struct Geometry {
    std::string name;
    std::int64_t patch = 0;  // side of a patch, pixels
    std::int64_t width = 0;  // D
    std::int64_t mlp = 0;    // F
    std::int64_t heads = 0;  // H
    std::int64_t blocks = 0;
    double dropout = 0;  // in training only

    std::int64_t head_width() const { return width / heads; }  // E
    /// The same arithmetic, whatever the name and the dropout.
    bool same_shape(const Geometry& other) const;
    /// "patch 16, width 768, MLP 3072, 12 heads, 12 blocks"
    std::string describe() const;
};

/// The variants of the original code, in its order.
std::span<const Geometry> variants();
/// The variant of this name, or null.
const Geometry* find_variant(std::string_view name);
/// The variant of this shape, or null; of several, the first.
const Geometry* find_variant_of_shape(const Geometry& shape);

/// The number of heads that every variant of this width has, or nothing for another width.
std::optional<std::int64_t> heads_of_width(std::int64_t width);

}  // namespace promptcl::backbone

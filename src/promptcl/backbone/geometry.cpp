#include "promptcl/backbone/geometry.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace promptcl::backbone {
namespace {

const std::array kVariants = {
    Geometry{"ViT-Ti_16", 16, 192, 768, 3, 12, 0.0},
    Geometry{"ViT-S_16", 16, 384, 1536, 6, 12, 0.0},
    Geometry{"ViT-B_16", 16, 768, 3072, 12, 12, 0.0},
    Geometry{"ViT-B_32", 32, 768, 3072, 12, 12, 0.0},
    Geometry{"ViT-B_16_2X2", 2, 768, 3072, 12, 12, 0.0},
    Geometry{"ViT-B_16_4X4", 4, 768, 3072, 12, 12, 0.0},
    Geometry{"ViT-L_16", 16, 1024, 4096, 16, 24, 0.1},
    Geometry{"ViT-L_32", 32, 1024, 4096, 16, 24, 0.0},
    Geometry{"ViT-H_14", 14, 1280, 5120, 16, 32, 0.1},
    Geometry{"testing", 16, 10, 10, 2, 1, 0.1},
};

}  // namespace

bool Geometry::same_shape(const Geometry& other) const {
    return patch == other.patch && width == other.width && mlp == other.mlp &&
           heads == other.heads && blocks == other.blocks;
}

std::string Geometry::describe() const {
    return fmt::format("patch {}, width {}, MLP {}, {} head{}, {} block{}", patch, width, mlp,
                       heads, heads == 1 ? "" : "s", blocks, blocks == 1 ? "" : "s");
}

std::span<const Geometry> variants() {
    return kVariants;
}

const Geometry* find_variant(std::string_view name) {
    const auto found = std::ranges::find(kVariants, name, &Geometry::name);
    return found == kVariants.end() ? nullptr : &*found;
}

const Geometry* find_variant_of_shape(const Geometry& shape) {
    const auto found = std::ranges::find_if(
        kVariants, [&](const Geometry& variant) { return variant.same_shape(shape); });
    return found == kVariants.end() ? nullptr : &*found;
}

std::optional<std::int64_t> heads_of_width(std::int64_t width) {
    const auto found = std::ranges::find(kVariants, width, &Geometry::width);
    if (found == kVariants.end()) return std::nullopt;
    return found->heads;
}

}  // namespace promptcl::backbone

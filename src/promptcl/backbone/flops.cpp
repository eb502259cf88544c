#include "promptcl/backbone/flops.h"

namespace promptcl::backbone {
namespace {

/// Of the blocks, with so many matrix products of attention in place of forward's two.
double block_flops(const Geometry& geometry, std::span<const BlockRows> blocks, int products) {
    const auto width = static_cast<double>(geometry.width), mlp = static_cast<double>(geometry.mlp);
    double sum = 0;
    for (const auto& [tokens, prefix] : blocks) {
        const auto rows = static_cast<double>(tokens), keys = static_cast<double>(tokens + prefix);
        sum += 2 * rows * (4 * width * width + 2 * width * mlp);
        sum += 2 * products * rows * keys * width;
    }
    return sum;
}

}  // namespace

double forward_flops(const Geometry& geometry, std::int64_t patches,
                     std::span<const BlockRows> blocks) {
    const auto embedding = static_cast<double>(patches * geometry.width) *
                           static_cast<double>(3 * geometry.patch * geometry.patch);
    return 2 * embedding + block_flops(geometry, blocks, 2);
}

double backward_flops(const Geometry& geometry, std::span<const BlockRows> blocks) {
    return block_flops(geometry, blocks, 4);
}

}  // namespace promptcl::backbone

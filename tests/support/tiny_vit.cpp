#include "tests/support/tiny_vit.h"

#include "promptcl/io/npz.h"

#include <cmath>
#include <span>
#include <string>

namespace promptcl::support {
namespace {

struct Spread {
    double mean = 0, deviation = 0;
};

/// Numbers that a kernel sums over: all dimensions but those of its output.
std::int64_t inputs_of(const std::string& name, const io::Shape& shape) {
    if (name == "embedding/kernel") return shape[0] * shape[1] * shape[2];
    if (name.ends_with("out/kernel")) return shape[0] * shape[1];
    return shape[0];
}

Spread spread_of(const std::string& name, const io::Shape& shape) {
    if (name.ends_with("/kernel")) {
        return {0.0, 1.0 / std::sqrt(static_cast<double>(inputs_of(name, shape)))};
    }
    if (name.ends_with("/scale")) return {1.0, 0.1};
    if (name == "cls" || name.ends_with("pos_embedding")) return {0.0, 0.5};
    return {0.0, 0.2};
}

}  // namespace

backbone::Geometry tiny_geometry() {
    return {.name = "unlisted", .patch = 4, .width = 8, .mlp = 12, .heads = 2, .blocks = 3};
}

backbone::Checkpoint random_checkpoint(const backbone::Geometry& geometry, std::int64_t grid,
                                       const Rng& rng) {
    backbone::Checkpoint result;
    result.survey = {.geometry = geometry, .grid = grid, .ignored = {}};
    result.path = "tiny_vit.npz";
    for (const auto& [name, shape] : backbone::array_shapes(geometry, grid)) {
        std::int64_t count = 1;
        for (const std::int64_t size : shape)
            count *= size;
        Rng own = rng.fork(name);
        const Spread spread = spread_of(name, shape);
        std::vector<float> values(static_cast<std::size_t>(count));
        for (float& value : values)
            value = static_cast<float>(spread.mean + spread.deviation * own.normal());
        result.arrays[name] = io::Array::of(std::span<const float>(values), shape);
    }
    return result;
}

backbone::Checkpoint tiny_checkpoint(std::uint64_t seed) {
    return random_checkpoint(tiny_geometry(), kTinyGrid, Rng(seed));
}

void write_checkpoint(const std::filesystem::path& path, const backbone::Checkpoint& checkpoint) {
    io::write_npz(path, checkpoint.arrays);
}

std::vector<float> random_images(std::int64_t count, std::int64_t side, Rng rng) {
    std::vector<float> pixels(static_cast<std::size_t>(count * 3 * side * side));
    for (float& pixel : pixels)
        pixel = static_cast<float>(rng.uniform());
    return pixels;
}

}  // namespace promptcl::support

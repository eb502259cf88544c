#include "promptcl/backbone/checkpoint.h"

#include "promptcl/core/error.h"
#include "promptcl/io/npz.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace promptcl::backbone {
namespace {

using Shape = std::vector<std::int64_t>;
using Infos = std::map<std::string, io::ArrayInfo>;

constexpr const char* kPositionEmbedding = "Transformer/posembed_input/pos_embedding";

std::string block(std::int64_t index) {
    return fmt::format("Transformer/encoderblock_{}", index);
}

std::string shape_text(const Shape& shape) {
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

const Shape& shape_of(const Infos& infos, const std::string& name, std::size_t rank,
                      const std::string& file) {
    const auto found = infos.find(name);
    if (found == infos.end()) {
        throw Error(fmt::format("{} holds no array {}", file, name),
                    "give a ViT checkpoint in the public .npz layout (docs/formats.md)");
    }
    if (found->second.shape.size() != rank) {
        throw Error(fmt::format("{}: array {} has shape {}, but {} dimensions were expected", file,
                                name, shape_text(found->second.shape), rank),
                    "give a ViT checkpoint in the public .npz layout (docs/formats.md)");
    }
    return found->second.shape;
}

Geometry geometry_in(const Infos& infos, const std::string& file) {
    Geometry geometry;
    const Shape& embedding = shape_of(infos, "embedding/kernel", 4, file);
    geometry.patch = embedding[0];
    geometry.width = embedding[3];
    const Shape& query =
        shape_of(infos, block(0) + "/MultiHeadDotProductAttention_1/query/kernel", 3, file);
    geometry.heads = query[1];
    geometry.mlp = shape_of(infos, block(0) + "/MlpBlock_3/Dense_0/kernel", 2, file)[1];
    while (infos.contains(block(geometry.blocks) + "/LayerNorm_0/scale"))
        ++geometry.blocks;
    if (geometry.patch < 1 || geometry.width < 1 || geometry.heads < 1 || geometry.mlp < 1 ||
        geometry.width % geometry.heads != 0) {
        throw Error(fmt::format("{}: no ViT has {}", file, geometry.describe()),
                    "the file is damaged or no ViT");
    }
    if (const Geometry* known = find_variant_of_shape(geometry)) return *known;
    geometry.name = "unlisted";
    return geometry;
}

std::int64_t grid_in(const Infos& infos, const std::string& file) {
    const Shape& position = shape_of(infos, kPositionEmbedding, 3, file);
    const auto side =
        static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(position[1] - 1))));
    if (position[1] < 2 || side * side + 1 != position[1]) {
        throw Error(
            fmt::format(
                "{}: array {} has {} rows, which is no square grid of patches and one cls row",
                file, kPositionEmbedding, position[1]),
            "give a ViT with a cls token and square input");
    }
    return side;
}

Geometry wanted_geometry(const Geometry& found, const std::string& model_name,
                         const std::string& file) {
    if (model_name == "auto") return found;
    const Geometry* wanted = find_variant(model_name);
    if (!wanted)
        throw UsageError(fmt::format("unknown model_name \"{}\"", model_name),
                         "see promptcl list backbones");
    if (!wanted->same_shape(found)) {
        throw Error(fmt::format("{} is no {} ({}): it has {}", file, model_name, wanted->describe(),
                                found.describe()),
                    fmt::format("set model_name = \"{}\" or give another init_checkpoint",
                                found.name == "unlisted" ? "auto" : found.name));
    }
    return *wanted;
}

Survey survey_of(const Infos& infos, const std::string& model_name, const std::string& file) {
    Survey result;
    const Geometry found = geometry_in(infos, file);
    result.geometry = wanted_geometry(found, model_name, file);
    result.grid = grid_in(infos, file);
    const auto shapes = array_shapes(result.geometry, result.grid);
    for (const auto& [name, shape] : shapes) {
        const Shape& actual = shape_of(infos, name, shape.size(), file);
        if (actual != shape) {
            throw Error(
                fmt::format("{}: array {} has shape {}, but a ViT with {} needs {}", file, name,
                            shape_text(actual), result.geometry.describe(), shape_text(shape)),
                "give an undamaged checkpoint");
        }
    }
    for (const auto& [name, info] : infos) {
        if (!shapes.contains(name)) result.ignored.push_back(name);
    }
    return result;
}

}  // namespace

std::map<std::string, Shape> array_shapes(const Geometry& g, std::int64_t grid) {
    const std::int64_t e = g.head_width();
    std::map<std::string, Shape> shapes{{"embedding/kernel", {g.patch, g.patch, 3, g.width}},
                                        {"embedding/bias", {g.width}},
                                        {"cls", {1, 1, g.width}},
                                        {kPositionEmbedding, {1, grid * grid + 1, g.width}},
                                        {"Transformer/encoder_norm/scale", {g.width}},
                                        {"Transformer/encoder_norm/bias", {g.width}}};
    for (std::int64_t i = 0; i < g.blocks; ++i) {
        for (const char* norm : {"/LayerNorm_0", "/LayerNorm_2"}) {
            shapes[block(i) + norm + "/scale"] = {g.width};
            shapes[block(i) + norm + "/bias"] = {g.width};
        }
        const std::string attention = block(i) + "/MultiHeadDotProductAttention_1/";
        for (const char* part : {"query", "key", "value"}) {
            shapes[attention + part + "/kernel"] = {g.width, g.heads, e};
            shapes[attention + part + "/bias"] = {g.heads, e};
        }
        shapes[attention + "out/kernel"] = {g.heads, e, g.width};
        shapes[attention + "out/bias"] = {g.width};
        shapes[block(i) + "/MlpBlock_3/Dense_0/kernel"] = {g.width, g.mlp};
        shapes[block(i) + "/MlpBlock_3/Dense_0/bias"] = {g.mlp};
        shapes[block(i) + "/MlpBlock_3/Dense_1/kernel"] = {g.mlp, g.width};
        shapes[block(i) + "/MlpBlock_3/Dense_1/bias"] = {g.width};
    }
    return shapes;
}

Survey survey(const std::filesystem::path& path, const std::string& model_name) {
    return survey_of(io::list_npz(path), model_name, path.string());
}

Checkpoint read_checkpoint(const std::filesystem::path& path, const std::string& model_name) {
    Checkpoint result{.survey = {}, .arrays = io::read_npz(path), .path = path};
    Infos infos;
    for (const auto& [name, array] : result.arrays)
        infos[name] = {array.dtype, array.shape};
    result.survey = survey_of(infos, model_name, path.string());
    for (const std::string& name : result.survey.ignored)
        result.arrays.erase(name);
    return result;
}

std::vector<float> resize_position_embedding(const std::vector<float>& rows, std::int64_t from,
                                             std::int64_t to) {
    const auto width = static_cast<std::int64_t>(rows.size()) / (from * from + 1);
    require(width * (from * from + 1) == static_cast<std::int64_t>(rows.size()),
            "position embedding covers its grid");
    std::vector<float> result(rows.begin(), rows.begin() + width);
    result.resize(static_cast<std::size_t>((to * to + 1) * width));
    const double scale = to > 1 ? static_cast<double>(from - 1) / static_cast<double>(to - 1) : 0.0;
    const auto source = [&](std::int64_t y, std::int64_t x, std::int64_t d) {
        return static_cast<double>(rows[static_cast<std::size_t>((1 + y * from + x) * width + d)]);
    };
    for (std::int64_t y = 0; y < to; ++y) {
        const double fy = scale * static_cast<double>(y);
        const auto y0 = std::min(static_cast<std::int64_t>(fy), from - 1);
        const auto y1 = std::min(y0 + 1, from - 1);
        for (std::int64_t x = 0; x < to; ++x) {
            const double fx = scale * static_cast<double>(x);
            const auto x0 = std::min(static_cast<std::int64_t>(fx), from - 1);
            const auto x1 = std::min(x0 + 1, from - 1);
            const double wy = fy - static_cast<double>(y0), wx = fx - static_cast<double>(x0);
            for (std::int64_t d = 0; d < width; ++d) {
                const double value =
                    (1 - wy) * ((1 - wx) * source(y0, x0, d) + wx * source(y0, x1, d)) +
                    wy * ((1 - wx) * source(y1, x0, d) + wx * source(y1, x1, d));
                result[static_cast<std::size_t>((1 + y * to + x) * width + d)] =
                    static_cast<float>(value);
            }
        }
    }
    return result;
}

}  // namespace promptcl::backbone

#include "promptcl/backbone/checkpoint.h"

#include "promptcl/backbone/naming.h"
#include "promptcl/backbone/weights.h"
#include "promptcl/core/error.h"
#include "promptcl/io/npz.h"
#include "promptcl/io/safetensors.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace promptcl::backbone {
namespace {

using Shape = std::vector<std::int64_t>;

/// The arrays of a file, asked for by their public names.
class Listing {
  public:
    Listing(const io::ArrayInfoMap& arrays, std::string file)
        : arrays_(arrays), file_(std::move(file)), naming_(Naming::of(arrays, file_)) {}

    const std::string& file() const { return file_; }
    const Naming& naming() const { return naming_; }
    const io::ArrayInfoMap& arrays() const { return arrays_; }
    bool has_block(std::int64_t index) const {
        const std::string prefix = naming_.block_prefix(std::to_string(index));
        const auto found = arrays_.lower_bound(prefix);
        return found != arrays_.end() && found->first.starts_with(prefix);
    }

    /// The shape as it is in the file, of the rank that is needed there.
    const Shape& shape(const Source& source, std::size_t rank) const {
        const auto found = arrays_.find(source.name);
        if (found == arrays_.end()) {
            throw Error(fmt::format("{} holds no array {}", file_, source.name), kHint);
        }
        if (found->second.shape.size() != rank) {
            throw Error(fmt::format("{}: array {} has shape {}, but {} dimensions were expected",
                                    file_, source.name, io::to_string(found->second.shape), rank),
                        kHint);
        }
        return found->second.shape;
    }
    const Shape& shape(const std::string& name, std::size_t rank) const {
        return shape(naming_.source(name), rank);
    }
    /// The shape of a kernel with its output last, as in the public layout.
    Shape kernel_shape(const std::string& name, std::size_t rank) const {
        const Source source = naming_.source(name);
        Shape result = shape(source, rank);
        if (source.order != Order::kSame) std::ranges::reverse(result);
        return result;
    }

  private:
    static constexpr const char* kHint =
        "give a ViT as public .npz, or with the names of timm or Hugging Face (docs/formats.md)";

    const io::ArrayInfoMap& arrays_;
    std::string file_;
    Naming naming_;
};

std::int64_t heads_in(const Listing& listing, std::int64_t width) {
    if (listing.naming().tells_heads())
        return listing.shape(block_name(0) + "/MultiHeadDotProductAttention_1/query/kernel", 3)[1];
    const auto heads = heads_of_width(width);
    if (!heads) {
        throw Error(fmt::format("{} does not say how many heads its attention has, and no known "
                                "ViT has its width, {}",
                                listing.file(), width),
                    "give it in the public .npz layout, which says it");
    }
    return *heads;
}

Geometry geometry_in(const Listing& listing) {
    Geometry geometry;
    const Shape embedding = listing.kernel_shape("embedding/kernel", 4);
    geometry.patch = embedding[0];
    geometry.width = embedding[3];
    geometry.heads = heads_in(listing, geometry.width);
    geometry.mlp = listing.kernel_shape(block_name(0) + "/MlpBlock_3/Dense_0/kernel", 2)[1];
    while (listing.has_block(geometry.blocks))
        ++geometry.blocks;
    if (geometry.patch < 1 || geometry.width < 1 || geometry.heads < 1 || geometry.mlp < 1 ||
        geometry.width % geometry.heads != 0) {
        throw Error(fmt::format("{}: no ViT has {}", listing.file(), geometry.describe()),
                    "the file is damaged or no ViT");
    }
    if (const Geometry* known = find_variant_of_shape(geometry)) return *known;
    geometry.name = "unlisted";
    return geometry;
}

std::int64_t grid_in(const Listing& listing) {
    const Shape& position = listing.shape(kPositionEmbedding, 3);
    const auto side =
        static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(position[1] - 1))));
    if (position[1] < 2 || side * side + 1 != position[1]) {
        throw Error(
            fmt::format(
                "{}: array {} has {} rows, which is no square grid of patches and one cls row",
                listing.file(), listing.naming().source(kPositionEmbedding).name, position[1]),
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

Survey survey_of(const Listing& listing, const std::string& model_name) {
    Survey result;
    result.geometry = wanted_geometry(geometry_in(listing), model_name, listing.file());
    result.grid = grid_in(listing);
    std::set<std::string> used;
    for (const auto& [name, shape] : array_shapes(result.geometry, result.grid)) {
        const Source source = listing.naming().source(name);
        const Shape wanted = shape_in_file(source, shape);
        const Shape& actual = listing.shape(source, wanted.size());
        if (actual != wanted) {
            throw Error(fmt::format("{}: array {} has shape {}, but a ViT with {} needs {}",
                                    listing.file(), source.name, io::to_string(actual),
                                    result.geometry.describe(), io::to_string(wanted)),
                        "give an undamaged checkpoint");
        }
        used.insert(source.name);
    }
    for (const auto& [name, _] : listing.arrays()) {
        if (!used.contains(name)) result.ignored.push_back(name);
    }
    return result;
}

bool is_safetensors(const std::filesystem::path& path) {
    return path.extension() == ".safetensors";
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
            shapes[block_name(i) + norm + "/scale"] = {g.width};
            shapes[block_name(i) + norm + "/bias"] = {g.width};
        }
        const std::string attention = block_name(i) + "/MultiHeadDotProductAttention_1/";
        for (const char* part : {"query", "key", "value"}) {
            shapes[attention + part + "/kernel"] = {g.width, g.heads, e};
            shapes[attention + part + "/bias"] = {g.heads, e};
        }
        shapes[attention + "out/kernel"] = {g.heads, e, g.width};
        shapes[attention + "out/bias"] = {g.width};
        shapes[block_name(i) + "/MlpBlock_3/Dense_0/kernel"] = {g.width, g.mlp};
        shapes[block_name(i) + "/MlpBlock_3/Dense_0/bias"] = {g.mlp};
        shapes[block_name(i) + "/MlpBlock_3/Dense_1/kernel"] = {g.mlp, g.width};
        shapes[block_name(i) + "/MlpBlock_3/Dense_1/bias"] = {g.width};
    }
    return shapes;
}

Survey survey(const std::filesystem::path& path, const std::string& model_name) {
    const auto infos =
        is_safetensors(path) ? io::read_safetensors_header(path).arrays : io::list_npz(path);
    return survey_of(Listing(infos, path.string()), model_name);
}

Checkpoint read_checkpoint(const std::filesystem::path& path, const std::string& model_name) {
    auto found = is_safetensors(path) ? io::read_safetensors(path).arrays : io::read_npz(path);
    io::ArrayInfoMap infos;
    for (const auto& [name, array] : found)
        infos[name] = {array.dtype, array.shape};
    const Listing listing(infos, path.string());
    Checkpoint result{.survey = survey_of(listing, model_name), .arrays = {}, .path = path};
    for (const auto& [name, shape] : array_shapes(result.survey.geometry, result.survey.grid)) {
        const Source source = listing.naming().source(name);
        io::Array& array = found.at(source.name);
        result.arrays[name] =
            public_array(source.parts == 1 ? std::move(array) : array, source, shape);
    }
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

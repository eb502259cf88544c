#include "promptcl/backbone/naming.h"

#include "promptcl/core/error.h"
#include "promptcl/io/dtype.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <functional>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace promptcl::backbone {

/// A module or a lone array, here and there. The kernel or scale of a module is its `weight` there.
struct Row {
    std::string_view ours, theirs;
    std::int64_t part = 0, parts = 1;
    std::size_t inputs = 1;
};

struct Scheme {
    std::string_view block;  // stands in front of a block's index
    std::vector<Row> outside, inside;
};

namespace {

const Scheme kTimm = {
    .block = "blocks.",
    .outside = {{"embedding", "patch_embed.proj"},
                {"cls", "cls_token"},
                {"Transformer/posembed_input/pos_embedding", "pos_embed"},
                {"Transformer/encoder_norm", "norm"}},
    .inside = {{"LayerNorm_0", "norm1"},
               {"MultiHeadDotProductAttention_1/query", "attn.qkv", 0, 3},
               {"MultiHeadDotProductAttention_1/key", "attn.qkv", 1, 3},
               {"MultiHeadDotProductAttention_1/value", "attn.qkv", 2, 3},
               {.ours = "MultiHeadDotProductAttention_1/out", .theirs = "attn.proj", .inputs = 2},
               {"LayerNorm_2", "norm2"},
               {"MlpBlock_3/Dense_0", "mlp.fc1"},
               {"MlpBlock_3/Dense_1", "mlp.fc2"}}};

const Scheme kHuggingFace = {
    .block = "encoder.layer.",
    .outside = {{"embedding", "embeddings.patch_embeddings.projection"},
                {"cls", "embeddings.cls_token"},
                {"Transformer/posembed_input/pos_embedding", "embeddings.position_embeddings"},
                {"Transformer/encoder_norm", "layernorm"}},
    .inside = {{"LayerNorm_0", "layernorm_before"},
               {"MultiHeadDotProductAttention_1/query", "attention.attention.query"},
               {"MultiHeadDotProductAttention_1/key", "attention.attention.key"},
               {"MultiHeadDotProductAttention_1/value", "attention.attention.value"},
               {.ours = "MultiHeadDotProductAttention_1/out",
                .theirs = "attention.output.dense",
                .inputs = 2},
               {"LayerNorm_2", "layernorm_after"},
               {"MlpBlock_3/Dense_0", "intermediate.dense"},
               {"MlpBlock_3/Dense_1", "output.dense"}}};

constexpr std::string_view kBlock = "Transformer/encoderblock_";

std::int64_t product(std::span<const std::int64_t> extents) {
    return std::accumulate(extents.begin(), extents.end(), std::int64_t{1}, std::multiplies());
}

/// Where the array `name` lies by `rows`.
Source find(std::span<const Row> rows, std::string_view name) {
    const auto leaf_at = std::min(name.rfind('/'), name.size());
    const std::string_view module = name.substr(0, leaf_at), leaf = name.substr(leaf_at);
    for (const Row& row : rows) {
        if (row.ours == name) return {.name = std::string(row.theirs)};
        if (row.ours != module) continue;
        Source source{.name = fmt::format("{}.{}", row.theirs, leaf == "/bias" ? "bias" : "weight"),
                      .order = Order::kFlat,
                      .part = row.part,
                      .parts = row.parts,
                      .inputs = row.inputs};
        if (leaf == "/kernel")
            source.order = module == "embedding" ? Order::kConvolution : Order::kTransposed;
        return source;
    }
    throw Bug(fmt::format("no public array is called {}", name));
}

/// What stands in front of a name that gives `scheme` away. Either of two arrays does, so that a
/// file without one of them is told by name which one it lacks.
std::optional<std::string> prefix_in(std::string_view name, const Scheme& scheme) {
    for (const std::string& mark :
         {find(scheme.outside, "embedding/kernel").name,
          fmt::format("{}0.{}", scheme.block, find(scheme.inside, "LayerNorm_0/bias").name)}) {
        if (!name.ends_with(mark)) continue;
        const auto prefix = name.substr(0, name.size() - mark.size());
        if (prefix.empty() || prefix.ends_with('.')) return std::string(prefix);
    }
    return std::nullopt;
}

/// A matrix [rows, columns] of elements of `size` bytes, transposed.
std::vector<std::byte> transposed(std::span<const std::byte> matrix, std::int64_t rows,
                                  std::int64_t columns, std::size_t size) {
    std::vector<std::byte> result(matrix.size());
    const std::byte* from = matrix.data();
    for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t column = 0; column < columns; ++column, from += size)
            std::memcpy(&result[static_cast<std::size_t>(column * rows + row) * size], from, size);
    }
    return result;
}

}  // namespace

Naming::Naming(const Scheme* scheme, std::string prefix)
    : scheme_(scheme), prefix_(std::move(prefix)) {}

Naming Naming::of(const io::ArrayInfoMap& arrays, const std::string& file) {
    Naming result(nullptr, "");
    std::string_view first;
    for (const Scheme* scheme : {&kTimm, &kHuggingFace}) {
        for (const auto& [name, _] : arrays) {
            const auto prefix = prefix_in(name, *scheme);
            if (!prefix) continue;
            if (result.scheme_ && (result.scheme_ != scheme || result.prefix_ != *prefix)) {
                throw Error(
                    fmt::format("{} holds two ViTs, one with array {} and one with array {}", file,
                                first, name),
                    "save the ViT that is meant to a file of its own");
            }
            result = Naming(scheme, *prefix);
            first = name;
        }
    }
    return result;
}

Source Naming::source(const std::string& public_name) const {
    if (scheme_ == nullptr) return {.name = public_name};
    Source source;
    if (public_name.starts_with(kBlock)) {
        const auto slash = public_name.find('/', kBlock.size());
        const auto index = public_name.substr(kBlock.size(), slash - kBlock.size());
        source = find(scheme_->inside, std::string_view(public_name).substr(slash + 1));
        source.name = block_prefix(index) + source.name;
    } else {
        source = find(scheme_->outside, public_name);
        source.name = prefix_ + source.name;
    }
    return source;
}

std::string Naming::block_prefix(std::string_view index) const {
    if (scheme_ == nullptr) return fmt::format("{}{}/", kBlock, index);
    return fmt::format("{}{}{}.", prefix_, scheme_->block, index);
}

io::Shape shape_in_file(const Source& source, const io::Shape& public_shape) {
    const std::span<const std::int64_t> extents(public_shape);
    switch (source.order) {
        case Order::kSame:
            return public_shape;
        case Order::kFlat:
            return {source.parts * product(extents)};
        case Order::kTransposed:
            return {source.parts * product(extents.subspan(source.inputs)),
                    product(extents.first(source.inputs))};
        case Order::kConvolution:
            return {public_shape.rbegin(), public_shape.rend()};
    }
    throw Bug("an Order is one of four");
}

io::Array public_array(io::Array found, const Source& source, const io::Shape& public_shape) {
    const std::size_t size = io::dtype_named(found.dtype).size;
    const auto bytes = static_cast<std::size_t>(product(public_shape)) * size;
    if (source.parts > 1) {
        const auto part = found.bytes.begin() + source.part * static_cast<std::int64_t>(bytes);
        found.bytes = {part, part + static_cast<std::int64_t>(bytes)};
    }
    require(found.bytes.size() == bytes, "the array has the shape of its source");
    if (source.order == Order::kTransposed) {
        const auto shape = std::span(public_shape);
        found.bytes = transposed(found.bytes, product(shape.subspan(source.inputs)),
                                 product(shape.first(source.inputs)), size);
    }
    if (source.order == Order::kConvolution) {
        // [D, 3, pp] -> [3, pp, D] -> [pp, 3, D]
        const std::int64_t width = public_shape[3], pixels = public_shape[0] * public_shape[1];
        found.bytes = transposed(found.bytes, width, 3 * pixels, size);
        found.bytes = transposed(found.bytes, 3, pixels, size * static_cast<std::size_t>(width));
    }
    found.shape = public_shape;
    return found;
}

}  // namespace promptcl::backbone

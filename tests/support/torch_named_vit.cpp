#include "tests/support/torch_named_vit.h"

#include "promptcl/io/dtype.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

namespace promptcl::support {
namespace {

using Floats = std::vector<float>;

/// Puts public arrays under other names and in the layouts of torch.nn.
class Renamer {
  public:
    explicit Renamer(const io::ArrayMap& from) : from_(from) {}

    void copy(const std::string& name, const std::string& to) { arrays[to] = from_.at(name); }
    void norm(const std::string& name, const std::string& to) {
        put(to + ".weight", values(name + "/scale"), {-1});
        put(to + ".bias", values(name + "/bias"), {-1});
    }
    /// nn.Linear: weight[out][in].
    void linear(const std::string& name, const std::string& to) {
        const Floats bias = values(name + "/bias");
        put(to + ".weight", out_in(name, bias.size()),
            {static_cast<std::int64_t>(bias.size()), -1});
        put(to + ".bias", bias, {-1});
    }
    /// Three layers in one nn.Linear, their outputs one behind the other.
    void stacked(const std::string& folder, const std::string& to) {
        Floats weight, bias;
        for (const char* part : {"query", "key", "value"}) {
            const Floats own = values(folder + part + "/bias");
            const Floats rows = out_in(folder + part, own.size());
            weight.insert(weight.end(), rows.begin(), rows.end());
            bias.insert(bias.end(), own.begin(), own.end());
        }
        put(to + ".weight", weight, {static_cast<std::int64_t>(bias.size()), -1});
        put(to + ".bias", bias, {-1});
    }
    /// nn.Conv2d: weight[out][in][y][x].
    void convolution(const std::string& name, const std::string& to) {
        const io::Array& kernel = from_.at(name + "/kernel");
        const std::int64_t side = kernel.shape[0], width = kernel.shape[3];
        const Floats source = kernel.as_float();
        Floats weight;
        for (std::int64_t d = 0; d < width; ++d)
            for (std::int64_t c = 0; c < 3; ++c)
                for (std::int64_t y = 0; y < side; ++y)
                    for (std::int64_t x = 0; x < side; ++x)
                        weight.push_back(
                            source[static_cast<std::size_t>(((y * side + x) * 3 + c) * width + d)]);
        put(to + ".weight", weight, {width, 3, side, side});
        put(to + ".bias", values(name + "/bias"), {-1});
    }

    io::ArrayMap arrays;

  private:
    Floats values(const std::string& name) const { return from_.at(name).as_float(); }
    Floats out_in(const std::string& name, std::size_t outputs) const {
        const Floats kernel = values(name + "/kernel");  // [in][out]
        Floats result;
        for (std::size_t out = 0; out < outputs; ++out) {
            for (std::size_t at = out; at < kernel.size(); at += outputs)
                result.push_back(kernel[at]);
        }
        return result;
    }
    /// A dimension of -1 takes what is left.
    void put(const std::string& name, const Floats& values, io::Shape shape) {
        if (shape.back() < 0) {
            shape.back() = static_cast<std::int64_t>(values.size());
            if (shape.size() == 2) shape.back() /= shape.front();
        }
        arrays[name] = io::Array::of(std::span<const float>(values), shape);
    }

    const io::ArrayMap& from_;
};

std::string block(std::int64_t index) {
    return fmt::format("Transformer/encoderblock_{}/", index);
}

}  // namespace

backbone::Geometry tiny_torch_geometry() {
    return {.name = "unlisted", .patch = 4, .width = 10, .mlp = 12, .heads = 2, .blocks = 3};
}

io::ArrayMap timm_arrays(const backbone::Checkpoint& checkpoint) {
    Renamer to(checkpoint.arrays);
    to.convolution("embedding", "patch_embed.proj");
    to.copy("cls", "cls_token");
    to.copy("Transformer/posembed_input/pos_embedding", "pos_embed");
    for (std::int64_t i = 0; i < checkpoint.survey.geometry.blocks; ++i) {
        const std::string own = fmt::format("blocks.{}.", i);
        to.norm(block(i) + "LayerNorm_0", own + "norm1");
        to.stacked(block(i) + "MultiHeadDotProductAttention_1/", own + "attn.qkv");
        to.linear(block(i) + "MultiHeadDotProductAttention_1/out", own + "attn.proj");
        to.norm(block(i) + "LayerNorm_2", own + "norm2");
        to.linear(block(i) + "MlpBlock_3/Dense_0", own + "mlp.fc1");
        to.linear(block(i) + "MlpBlock_3/Dense_1", own + "mlp.fc2");
    }
    to.norm("Transformer/encoder_norm", "norm");
    return to.arrays;
}

io::ArrayMap hugging_face_arrays(const backbone::Checkpoint& checkpoint,
                                 const std::string& prefix) {
    Renamer to(checkpoint.arrays);
    to.convolution("embedding", prefix + "embeddings.patch_embeddings.projection");
    to.copy("cls", prefix + "embeddings.cls_token");
    to.copy("Transformer/posembed_input/pos_embedding", prefix + "embeddings.position_embeddings");
    for (std::int64_t i = 0; i < checkpoint.survey.geometry.blocks; ++i) {
        const std::string own = fmt::format("{}encoder.layer.{}.", prefix, i);
        const std::string attention = block(i) + "MultiHeadDotProductAttention_1/";
        to.norm(block(i) + "LayerNorm_0", own + "layernorm_before");
        for (const char* part : {"query", "key", "value"})
            to.linear(attention + part, own + "attention.attention." + part);
        to.linear(attention + "out", own + "attention.output.dense");
        to.norm(block(i) + "LayerNorm_2", own + "layernorm_after");
        to.linear(block(i) + "MlpBlock_3/Dense_0", own + "intermediate.dense");
        to.linear(block(i) + "MlpBlock_3/Dense_1", own + "output.dense");
    }
    to.norm("Transformer/encoder_norm", prefix + "layernorm");
    return to.arrays;
}

std::string safetensors_bytes(const io::ArrayMap& arrays) {
    std::string header = R"({"__metadata__":{"format":"pt"})", data;
    for (const auto& [name, array] : arrays) {
        const std::size_t begin = data.size();
        data.append(reinterpret_cast<const char*>(array.bytes.data()), array.bytes.size());
        header += fmt::format(R"(,"{}":{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})", name,
                              io::dtype_named(array.dtype).safetensors, fmt::join(array.shape, ","),
                              begin, data.size());
    }
    header += "}";
    std::string file;
    for (int byte = 0; byte < 8; ++byte)
        file += static_cast<char>(header.size() >> (8 * byte) & 0xff);
    return file + header + data;
}

}  // namespace promptcl::support

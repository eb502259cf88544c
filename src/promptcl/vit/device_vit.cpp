#include "promptcl/vit/device_vit.h"

#include "promptcl/core/error.h"

#include <ATen/ATen.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace promptcl::vit {
namespace {

constexpr double kNormEpsilon = 1e-6;

std::string_view name_of(Precision precision) {
    switch (precision) {
        case Precision::kFp32:
            return "fp32";
        case Precision::kTf32:
            return "tf32";
        case Precision::kBf16:
            return "bf16";
    }
    throw Bug("a precision that does not exist");
}

/// softmax(query key^T / sqrt(E)) value, each [B, H, any, E].
Tensor attended(const Tensor& query, const Tensor& key, const Tensor& value) {
#if TORCH_VERSION_MAJOR >= 2
    return at::scaled_dot_product_attention(query, key, value);
#else
    const double scale = 1.0 / std::sqrt(static_cast<double>(query.size(-1)));
    return at::matmul(at::softmax(at::matmul(query * scale, key.transpose(-2, -1)), -1), value);
#endif
}

Tensor norm(const Norm& norm, const Tensor& x) {
    return at::layer_norm(x, {x.size(-1)}, norm.scale, norm.bias, kNormEpsilon);
}

/// All that `layer` computes of x, or the outputs from `first` on, `count` of them.
Tensor linear(const Linear& layer, const Tensor& x) {
    return at::linear(x, layer.weight, layer.bias);
}
Tensor linear(const Linear& layer, const Tensor& x, std::int64_t first, std::int64_t count) {
    return at::linear(x, layer.weight.narrow(0, first, count), layer.bias.narrow(0, first, count));
}

Tensor returned(const Tensor& x) {
    return x.to(at::kFloat).to(at::kCPU);
}

}  // namespace

bool DeviceVit::Embedded::is_of(const Tensor& these) const {
    return these.is_same(images) && static_cast<std::uint32_t>(these._version()) == version;
}

std::int64_t images_that_fit(const backbone::Geometry& geometry, std::int64_t input_size,
                             Precision precision, std::int64_t bytes) {
    constexpr std::int64_t kEnough = 1000, kPromptTokens = 64, kCopiesOfImage = 8;
    const std::int64_t grid = input_size / geometry.patch,
                       number = precision == Precision::kBf16 ? 2 : 4;
    const std::int64_t rows = grid * grid + 1 + kPromptTokens;
    const std::int64_t image = kCopiesOfImage * 3 * input_size * input_size * 4;
    const std::int64_t block = rows * (2 * geometry.mlp + 8 * geometry.width) * number;
    return std::min(kEnough, bytes / (image + block));
}

DeviceVit::DeviceVit(const Vit& plain, const DeviceOptions& options)
    : geometry_(plain.geometry()),
      input_size_(plain.input_size()),
      gelu_(plain.gelu()),
      device_(options.device),
      type_(options.precision == Precision::kBf16 ? at::kBFloat16 : at::kFloat),
      evaluated_at_once_(options.evaluated_at_once),
      name_(fmt::format("{}-{}", device_.is_cuda() ? "cuda" : "cpu", name_of(options.precision))),
      weights_(plain.weights()) {
    if (device_.is_cuda()) tensor::allow_tf32(options.precision == Precision::kTf32);
    if (options.recorded) recordings_.emplace(device_);
    const Norm last = weights_.encoder_norm;
    weights_.visit([&](const std::string&, Tensor& tensor) { tensor = tensor.to(device_, type_); });
    weights_.encoder_norm = {last.scale.to(device_), last.bias.to(device_)};
}

std::string DeviceVit::arithmetic() const {
    return fmt::format("{}, {} images at once{}", name_, evaluated_at_once_,
                       recordings_ ? ", recorded" : "");
}

Tensor DeviceVit::moved(const Tensor& x) const {
    return x.to(device_, x.scalar_type(), /*non_blocking=*/true).to(type_);
}

Tensor DeviceVit::patches_there(const Tensor& images) const {
    tensor::expect_shape(images, {-1, 3, input_size_, input_size_}, "images");
    // A copy from pinned memory runs beside what the CPU does next.
    const bool sent = device_.is_cuda() && images.is_cpu();
    const Tensor source = sent ? images.contiguous().pin_memory() : images;
    const Tensor grid = at::conv2d(moved(source), weights_.embedding_weight,
                                   weights_.embedding_bias, geometry_.patch);  // [B, D, g, g]
    return grid.flatten(2).transpose(1, 2);
}

Tensor DeviceVit::embed(const Tensor& images) const {
    const at::NoGradGuard no_grad;
    const Tensor cls = weights_.cls.expand({images.size(0), 1, geometry_.width});
    return at::cat({cls, patches_there(images)}, 1) + weights_.position;
}

Tensor DeviceVit::attention(const BlockWeights& block, const Tensor& x, const Prefix* prefix,
                            Rows rows) const {
    const std::int64_t width = geometry_.width, heads = geometry_.heads, e = geometry_.head_width();
    const auto by_head = [&](const Tensor& rows_of_heads) {  // [B, n, D] to [B, H, n, E]
        return rows_of_heads.unflatten(2, {heads, e}).transpose(1, 2);
    };
    std::vector<Tensor> parts;  // query, key, value
    if (rows.count == x.size(1)) {
        parts = linear(block.qkv, x).chunk(3, 2);
    } else {
        parts = linear(block.qkv, x, width, 2 * width).chunk(2, 2);
        parts.insert(parts.begin(),
                     linear(block.qkv, x.narrow(1, rows.first, rows.count), 0, width));
    }
    Tensor key = by_head(parts[1]), value = by_head(parts[2]);
    if (prefix) {
        tensor::expect_shape(prefix->key, {x.size(0), -1, heads, e}, "prefix key");
        key = at::cat({moved(prefix->key).transpose(1, 2), key}, 2);
        value = at::cat({moved(prefix->value).transpose(1, 2), value}, 2);
    }
    const Tensor mixed = attended(by_head(parts[0]), key, value);  // [B, H, rows, E]
    return linear(block.out, mixed.transpose(1, 2).flatten(2));
}

Tensor DeviceVit::apply(const BlockWeights& block, const Tensor& input, const Prefix* prefix,
                        Rows rows) const {
    const Tensor x = input.narrow(1, rows.first, rows.count) +
                     attention(block, norm(block.norm1, input), prefix, rows);
    const Tensor hidden = linear(block.fc1, norm(block.norm2, x));
    return x + linear(block.fc2, at::gelu(hidden, gelu_ == Gelu::kTanh ? "tanh" : "none"));
}

Tensor DeviceVit::pass(const Tensor& embedded, const Injection& injection, Readout readout) const {
    Tokens tokens{.all = embedded};
    for (std::int64_t i = 0; i < geometry_.blocks; ++i) {
        if (const auto prompts = injection.prepend.find(i); prompts != injection.prepend.end()) {
            Tensor rows = moved(prompts->second);
            if (injection.cls_position) rows = rows + weights_.position.narrow(1, 0, 1);
            tokens.insert(rows, injection.placement);
        }
        const auto prefix = injection.prefix.find(i);
        const Rows rows =
            i + 1 < geometry_.blocks ? Rows{0, tokens.all.size(1)} : tokens.rows(readout);
        tokens.all = apply(weights_.blocks[static_cast<std::size_t>(i)], tokens.all,
                           prefix == injection.prefix.end() ? nullptr : &prefix->second, rows);
    }
    return norm(weights_.encoder_norm, tokens.all.to(at::kFloat)).mean(1);
}

Tensor DeviceVit::features_of(const Tensor& embedded, const Injection& injection,
                              Readout readout) const {
    const auto compute = [this, readout](const Tensor& tokens, const Injection& injected) {
        return pass(tokens, injected, readout);
    };
    if (!recordings_) return returned(compute(embedded, injection));
    return recordings_->run(static_cast<std::int64_t>(readout), compute, embedded, injection);
}

Tensor DeviceVit::cls(const Tensor& images) const {
    const at::NoGradGuard no_grad;
    queried_ = {.images = images,
                .version = static_cast<std::uint32_t>(images._version()),
                .tokens = embed(images)};
    return features_of(queried_.tokens, {}, Readout::kToken);
}

Tensor DeviceVit::features(const Tensor& images, const Injection& injection,
                           Readout readout) const {
    const Tensor embedded = queried_.is_of(images) ? queried_.tokens : embed(images);
    return features_of(embedded, injection, readout);
}

Tensor DeviceVit::patches(const Tensor& images) const {
    const at::NoGradGuard no_grad;
    return returned(patches_there(images));
}

}  // namespace promptcl::vit

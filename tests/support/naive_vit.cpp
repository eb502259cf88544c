#include "tests/support/naive_vit.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace promptcl::support {
namespace {

constexpr double kNormEpsilon = 1e-6;

Row doubles(const backbone::Checkpoint& checkpoint, const std::string& name) {
    return checkpoint.arrays.at(name).as_double();
}

/// y_o = sum_i x_i kernel[i][o] + bias_o
Row affine(const Row& x, const Row& kernel, const Row& bias) {
    Row y = bias;
    for (std::size_t i = 0; i < x.size(); ++i) {
        for (std::size_t o = 0; o < y.size(); ++o)
            y[o] += x[i] * kernel[i * y.size() + o];
    }
    return y;
}

Row normalised(const Row& x, const Row& scale, const Row& bias) {
    const auto n = static_cast<double>(x.size());
    double mean = 0, variance = 0;
    for (const double value : x)
        mean += value / n;
    for (const double value : x)
        variance += (value - mean) * (value - mean) / n;
    Row y(x.size());
    for (std::size_t d = 0; d < x.size(); ++d)
        y[d] = (x[d] - mean) / std::sqrt(variance + kNormEpsilon) * scale[d] + bias[d];
    return y;
}

Row softmax(Row scores) {
    const double largest = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (double& score : scores)
        sum += score = std::exp(score - largest);
    for (double& score : scores)
        score /= sum;
    return scores;
}

/// Row 0 is cls; the patch rows are read at the places where the corners of both grids meet.
Rows position_rows(const Row& flat, std::int64_t width, std::int64_t from, std::int64_t to) {
    const auto at = [&](std::int64_t y, std::int64_t x, std::int64_t d) {
        return flat[static_cast<std::size_t>((1 + y * from + x) * width + d)];
    };
    Rows rows{Row(flat.begin(), flat.begin() + width)};
    for (std::int64_t y = 0; y < to; ++y) {
        for (std::int64_t x = 0; x < to; ++x) {
            const double step = to > 1 ? static_cast<double>(from - 1) / (to - 1.0) : 0.0;
            const double sy = step * y, sx = step * x;
            Row row(static_cast<std::size_t>(width), 0.0);
            // The weight of a source patch falls linearly to 0 at the distance of one patch.
            for (std::int64_t v = 0; v < from; ++v) {
                for (std::int64_t u = 0; u < from; ++u) {
                    const double weight =
                        std::max(0.0, 1 - std::abs(sy - v)) * std::max(0.0, 1 - std::abs(sx - u));
                    for (std::int64_t d = 0; d < width; ++d)
                        row[static_cast<std::size_t>(d)] += weight * at(v, u, d);
                }
            }
            rows.push_back(row);
        }
    }
    return rows;
}

void add(Row& to, const Row& what) {
    for (std::size_t d = 0; d < to.size(); ++d)
        to[d] += what[d];
}

}  // namespace

NaiveVit::NaiveVit(const backbone::Checkpoint& checkpoint, std::int64_t input_size, bool erf_gelu)
    : geometry_(checkpoint.survey.geometry), side_(input_size), erf_gelu_(erf_gelu) {
    const auto linear = [&](const std::string& name) {
        return Linear{doubles(checkpoint, name + "/kernel"), doubles(checkpoint, name + "/bias")};
    };
    const auto norm = [&](const std::string& name) {
        return Norm{doubles(checkpoint, name + "/scale"), doubles(checkpoint, name + "/bias")};
    };
    embedding_ = linear("embedding");
    cls_ = doubles(checkpoint, "cls");
    position_ = position_rows(doubles(checkpoint, "Transformer/posembed_input/pos_embedding"),
                              geometry_.width, checkpoint.survey.grid, side_ / geometry_.patch);
    for (std::int64_t i = 0; i < geometry_.blocks; ++i) {
        const std::string block = "Transformer/encoderblock_" + std::to_string(i) + "/";
        const std::string attention = block + "MultiHeadDotProductAttention_1/";
        blocks_.push_back({.norm1 = norm(block + "LayerNorm_0"),
                           .norm2 = norm(block + "LayerNorm_2"),
                           .query = linear(attention + "query"),
                           .key = linear(attention + "key"),
                           .value = linear(attention + "value"),
                           .out = linear(attention + "out"),
                           .fc1 = linear(block + "MlpBlock_3/Dense_0"),
                           .fc2 = linear(block + "MlpBlock_3/Dense_1")});
    }
    encoder_norm_ = norm("Transformer/encoder_norm");
}

Rows NaiveVit::patches(const Row& image) const {
    const std::int64_t p = geometry_.patch, grid = side_ / p;
    Rows rows;
    for (std::int64_t gy = 0; gy < grid; ++gy) {
        for (std::int64_t gx = 0; gx < grid; ++gx) {
            Row pixels;  // in the order of the kernel: row, column, colour
            for (std::int64_t y = 0; y < p; ++y) {
                for (std::int64_t x = 0; x < p; ++x) {
                    for (std::int64_t colour = 0; colour < 3; ++colour) {
                        pixels.push_back(image[static_cast<std::size_t>(
                            (colour * side_ + gy * p + y) * side_ + gx * p + x)]);
                    }
                }
            }
            rows.push_back(affine(pixels, embedding_.kernel, embedding_.bias));
        }
    }
    return rows;
}

double NaiveVit::gelu(double x) const {
    if (erf_gelu_) return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2));
    return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}

Rows NaiveVit::attention(const Block& block, const Rows& x, const Rows& key_prefix,
                         const Rows& value_prefix) const {
    Rows keys = key_prefix, values = value_prefix;
    for (const Row& token : x) {
        keys.push_back(affine(token, block.key.kernel, block.key.bias));
        values.push_back(affine(token, block.value.kernel, block.value.bias));
    }
    const auto e = static_cast<std::size_t>(geometry_.width / geometry_.heads);
    Rows result;
    for (const Row& token : x) {
        const Row query = affine(token, block.query.kernel, block.query.bias);
        Row mixed(query.size(), 0.0);
        for (std::size_t first = 0; first < query.size(); first += e) {  // of a head
            Row scores(keys.size(), 0.0);
            for (std::size_t k = 0; k < keys.size(); ++k) {
                for (std::size_t d = first; d < first + e; ++d)
                    scores[k] += query[d] * keys[k][d] / std::sqrt(static_cast<double>(e));
            }
            const Row weights = softmax(scores);
            for (std::size_t k = 0; k < keys.size(); ++k) {
                for (std::size_t d = first; d < first + e; ++d)
                    mixed[d] += weights[k] * values[k][d];
            }
        }
        result.push_back(affine(mixed, block.out.kernel, block.out.bias));
    }
    return result;
}

NaiveTokens NaiveVit::forward(const Row& image, const NaiveInjection& injection) const {
    NaiveTokens tokens{.rows = {cls_}};
    for (const Row& patch : patches(image))
        tokens.rows.push_back(patch);
    for (std::size_t t = 0; t < tokens.rows.size(); ++t)
        add(tokens.rows[t], position_[t]);
    const auto of = [](const std::map<std::int64_t, Rows>& by_block, std::int64_t index) {
        const auto found = by_block.find(index);
        return found == by_block.end() ? Rows{} : found->second;
    };
    for (std::int64_t i = 0; i < geometry_.blocks; ++i) {
        const Block& block = blocks_[static_cast<std::size_t>(i)];
        Rows prompts = of(injection.tokens, i);
        for (Row& prompt : prompts) {
            if (injection.cls_position) add(prompt, position_[0]);
        }
        tokens.rows.insert(tokens.rows.begin() + (injection.after_cls ? 1 : 0), prompts.begin(),
                           prompts.end());
        tokens.prompts += prompts.size();
        Rows before;
        for (const Row& token : tokens.rows)
            before.push_back(normalised(token, block.norm1.scale, block.norm1.bias));
        const Rows attended =
            attention(block, before, of(injection.keys, i), of(injection.values, i));
        for (std::size_t t = 0; t < tokens.rows.size(); ++t) {
            Row& token = tokens.rows[t];
            add(token, attended[t]);
            Row hidden = affine(normalised(token, block.norm2.scale, block.norm2.bias),
                                block.fc1.kernel, block.fc1.bias);
            for (double& value : hidden)
                value = gelu(value);
            add(token, affine(hidden, block.fc2.kernel, block.fc2.bias));
        }
    }
    for (Row& token : tokens.rows)
        token = normalised(token, encoder_norm_.scale, encoder_norm_.bias);
    return tokens;
}

}  // namespace promptcl::support

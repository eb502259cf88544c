#include "promptcl/predict/head.h"

#include "promptcl/predict/prompts.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace promptcl::predict {
namespace {

constexpr double kNormEpsilon = 1e-10;  // of norm_pre_logits, as the original

std::span<const float> row_of(const std::vector<float>& rows, std::int64_t row,
                              std::int64_t width) {
    return {rows.data() + row * width, static_cast<std::size_t>(width)};
}

}  // namespace

Head::Head(const model::Classifier& classifier)
    : ncm_(classifier.state.config.method == "ncm"),
      normalize_(classifier.state.config.norm_pre_logits),
      temperature_(static_cast<float>(classifier.state.config.temperature)),
      classes_(classifier.classes()) {
    const auto& arrays = classifier.state.arrays;
    if (!ncm_) {
        kernel_ = arrays.at("head/kernel").as_float();
        bias_ = arrays.at("head/bias").as_float();
        return;
    }
    // The cosine with a mean is the product of two directions: a head without bias.
    const std::int64_t width = classifier.backbone.geometry.width;
    const auto sums = arrays.at("ncm/sum").as_float(), counts = arrays.at("ncm/count").as_float();
    kernel_.resize(sums.size());
    for (std::int64_t c = 0; c < classes_; ++c) {
        const auto direction = l2_normalized(row_of(sums, c, width));
        for (std::int64_t d = 0; d < width; ++d)
            kernel_[static_cast<std::size_t>(d * classes_ + c)] =
                direction[static_cast<std::size_t>(d)];
        known_.push_back(counts[static_cast<std::size_t>(c)] > 0);
    }
    bias_.assign(static_cast<std::size_t>(classes_), 0.0F);
}

std::vector<float> Head::logits(std::span<const float> input) const {
    std::vector<float> x(input.begin(), input.end());
    if (ncm_) x = l2_normalized(input);
    if (!ncm_ && normalize_) {
        const double square = std::inner_product(x.begin(), x.end(), x.begin(), 0.0);
        const auto scale = static_cast<float>(1 / (std::sqrt(square) + kNormEpsilon));
        std::ranges::transform(x, x.begin(), [&](float value) { return value * scale; });
    }
    std::vector<float> result = bias_;
    const float* row = kernel_.data();
    for (const float value : x) {
        for (std::int64_t c = 0; c < classes_; ++c)
            result[static_cast<std::size_t>(c)] += value * row[c];
        row += classes_;
    }
    for (std::int64_t c = 0; c < classes_; ++c) {
        float& logit = result[static_cast<std::size_t>(c)];
        if (!ncm_) logit /= temperature_;
        if (ncm_ && !known_[static_cast<std::size_t>(c)]) logit = -1;
    }
    return result;
}

ClassMeans::ClassMeans(const model::Classifier& classifier) {
    const std::int64_t width = classifier.backbone.geometry.width;
    const auto means = classifier.state.arrays.at("class/query").as_float();
    const auto images = classifier.state.arrays.at("class/images").as_float();
    for (std::int64_t c = 0; c < classifier.classes(); ++c) {
        if (images[static_cast<std::size_t>(c)] > 0)
            directions_.push_back(l2_normalized(row_of(means, c, width)));
    }
}

double ClassMeans::nearest(std::span<const float> query) const {
    if (directions_.empty()) return 1;
    const auto direction = l2_normalized(query);
    double best = -1;
    for (const auto& mean : directions_)
        best = std::max(best, std::inner_product(mean.begin(), mean.end(), direction.begin(), 0.0));
    return best;
}

}  // namespace promptcl::predict

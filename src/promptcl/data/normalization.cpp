#include "promptcl/data/normalization.h"

#include "promptcl/core/error.h"

#include <string_view>
#include <utility>
#include <vector>

namespace promptcl::data {
namespace {

struct Numbers {
    std::vector<double> mean, deviation;
};

Numbers numbers_of(std::string_view dataset) {
    if (dataset.starts_with("imagenet") && dataset != "imagenet_r")
        return {{0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}};
    if (dataset == "cifar100") return {{0.5071, 0.4867, 0.4408}, {0.2675, 0.2565, 0.2761}};
    return {{0.4914, 0.4822, 0.4465}, {0.2471, 0.2435, 0.2616}};
}

std::array<float, 3> channels(const std::vector<double>& values) {
    require(values.size() == 3, "norm_mean and norm_std are settled, three numbers each");
    return {static_cast<float>(values[0]), static_cast<float>(values[1]),
            static_cast<float>(values[2])};
}

}  // namespace

void Normalization::apply(std::span<float> chw) const {
    const std::size_t pixels = chw.size() / 3;
    for (std::size_t i = 0; i < chw.size(); ++i)
        chw[i] = (chw[i] - mean[i / pixels]) / deviation[i / pixels];
}

void settle_normalization(config::Config& config) {
    config::Images& images = config.images;
    if (!images.normalizes() || !images.norm_mean.empty() || !images.norm_std.empty()) return;
    auto [mean, deviation] = numbers_of(config.dataset);
    images.norm_mean = std::move(mean);
    images.norm_std = std::move(deviation);
}

std::optional<Normalization> normalization_of(const config::Images& images) {
    if (!images.normalizes()) return std::nullopt;
    return Normalization{channels(images.norm_mean), channels(images.norm_std)};
}

}  // namespace promptcl::data

#include "promptcl/method/trained_vit.h"

#include "promptcl/core/error.h"
#include "promptcl/method/freeze_part.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::method {
namespace {

bool is_of_patches(const std::string& weight) {
    return weight.starts_with("embedding/");
}

bool measures_all(const config::Config& config) {
    return config.grad_clip_scope == "all";
}

}  // namespace

std::optional<std::string> needs_plain(const config::Config& config,
                                       const backbone::Geometry& geometry) {
    if (config.method == "ncm") return std::nullopt;
    if (!trained_weights(config, geometry).empty())
        return "freeze_part leaves parts of it to train";
    if (measures_all(config))
        return "grad_clip_scope = \"all\" asks for gradients of frozen weights";
    if (geometry.dropout > 0) return "it is trained with dropout";
    return std::nullopt;
}

TrainedVit::TrainedVit(std::shared_ptr<const vit::FrozenVit> frozen, const config::Config& config)
    : frozen_(std::move(frozen)) {
    const auto reason = needs_plain(config, frozen_->geometry());
    if (!reason) return;
    plain_ = std::dynamic_pointer_cast<const vit::Vit>(frozen_);
    if (!plain_) {
        throw UsageError(fmt::format("the ViT cannot be computed by engine \"{}\": {}",
                                     frozen_->name(), *reason),
                         "set engine = \"plain\"");
    }
    ask_for_gradients(config);
}

void TrainedVit::ask_for_gradients(const config::Config& config) {
    vit::Weights weights = plain_->weights();
    weights.visit([&](const std::string& name, Tensor& tensor) {
        if (!is_frozen(name, config.freeze_part)) {
            tensor = tensor.clone().requires_grad_(true);
            trained_.push_back({name, tensor});
        } else if (measures_all(config)) {
            tensor = tensor.detach().requires_grad_(true);  // the same numbers, another graph
            measured_.push_back({name, tensor});
        }
    });
    plain_ = std::make_shared<const vit::Vit>(plain_->with(std::move(weights)));
}

Tensor TrainedVit::features(const Tensor& images, const vit::Injection& injection,
                            vit::Readout readout, std::optional<at::Generator> dropout) const {
    if (plain_) return plain_->forward(images, injection, std::move(dropout)).read(readout);
    require(!dropout, "a ViT with dropout is a plain one");
    return frozen_->features(images, injection, readout);
}

Tensor TrainedVit::patches(const Tensor& images) const {
    return plain_ ? plain_->patches(images) : frozen_->patches(images);
}

bool TrainedVit::trains_patches() const {
    return std::ranges::any_of(trained_, is_of_patches, &NamedTensor::name);
}

bool TrainedVit::differentiates_patches() const {
    return trains_patches() || std::ranges::any_of(measured_, is_of_patches, &NamedTensor::name);
}

std::int64_t TrainedVit::images_at_once() const {
    return plain_ ? plain_->images_at_once() : frozen_->images_at_once();
}

const vit::Vit& TrainedVit::vit() const {
    require(plain_ != nullptr, "a ViT that is trained is a plain one");
    return *plain_;
}

}  // namespace promptcl::method

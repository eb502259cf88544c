#include "promptcl/input/device_images.h"

#include "promptcl/core/error.h"
#include "promptcl/data/resize.h"
#include "promptcl/input/looks.h"
#include "promptcl/tensor/device.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace promptcl::input {
namespace {

constexpr std::int64_t kSentAtOnce = 1024;  // images, when a split is brought to the device
constexpr std::int64_t kMadeAtOnce = 64;    // images, so that what lies between stays small

bool have_one_size(const data::Dataset& images) {
    if (images.size() == 0) return false;
    const data::ImageView first = images.image(0);
    for (std::int64_t i = 1; i < images.size(); ++i) {
        const data::ImageView image = images.image(i);
        if (image.height != first.height || image.width != first.width) return false;
    }
    return true;
}

}  // namespace

/// Some images of a batch.
struct DeviceImages::Part final : stream::Prepared {
    std::vector<data::Look> looks;  // one an image
    Tensor rows;                    // [B] int64, on the device: rows of the pictures
    Tensor pictures;                // of its own; undefined: those that are kept
};

DeviceImages::DeviceImages(const data::Dataset& split, const data::Transform& transform,
                           c10::Device device, std::int64_t bytes_for_keeping)
    : split_(split),
      transform_(transform),
      device_(device),
      height_(transform.squash_size()),
      width_(transform.squash_size()) {
    if (have_one_size(split)) {
        const data::ImageView first = split.image(0);
        if (std::int64_t{first.height} * first.width < height_ * width_) {
            height_ = first.height;
            width_ = first.width;
        }
    }
    if (split.size() * height_ * width_ * 3 <= bytes_for_keeping) keep_split();
}

Tensor DeviceImages::stored(const data::Dataset& images, std::span<const std::int64_t> ids) const {
    Tensor result = at::empty({std::ssize(ids), height_, width_, 3}, at::kByte);
    auto* target = result.data_ptr<std::uint8_t>();
    for (const std::int64_t id : ids) {
        const data::ImageView image = images.image(id);
        if (image.height == height_ && image.width == width_) {
            target = std::ranges::copy(image.rgb, target).out;
        } else {
            const int side = transform_.squash_size();
            require(height_ == side && width_ == side, "images of a split that have one size");
            target = std::ranges::copy(data::resize(image, side, side).rgb, target).out;
        }
    }
    return result;
}

void DeviceImages::keep_split() {
    kept_ = at::empty({split_.size(), height_, width_, 3},
                      at::TensorOptions(at::kByte).device(device_));
    for (std::int64_t first = 0; first < split_.size(); first += kSentAtOnce) {
        std::vector<std::int64_t> ids(
            static_cast<std::size_t>(std::min(kSentAtOnce, split_.size() - first)));
        std::iota(ids.begin(), ids.end(), first);
        kept_.narrow(0, first, std::ssize(ids)).copy_(stored(split_, ids));
    }
}

std::shared_ptr<DeviceImages::Part> DeviceImages::part_of(const data::Dataset& images,
                                                          std::span<const std::int64_t> ids) const {
    const at::NoGradGuard no_grad;
    auto part = std::make_shared<Part>();
    const bool kept = kept_.defined() && &images == &split_;
    part->rows =
        tensor::sent_beside(kept ? tensor::from_ints(ids) : at::arange(std::ssize(ids)), device_);
    if (!kept) part->pictures = tensor::sent_beside(stored(images, ids), device_);
    return part;
}

stream::Batch DeviceImages::training_batch(const data::Dataset& images,
                                           std::span<const std::int64_t> ids,
                                           const Rng& step_rng) const {
    stream::Batch batch = stream::batch_without_images(images, ids);
    const auto part = part_of(images, ids);
    for (std::int64_t k = 0; k < std::ssize(ids); ++k)
        part->looks.push_back(transform_.training_look(step_rng.fork("image", k)));
    batch.prepared = {part};
    return batch;
}

stream::Batch DeviceImages::evaluation_batch(const data::Dataset& images,
                                             std::span<const std::int64_t> ids) const {
    stream::Batch batch = stream::batch_without_images(images, ids);
    const auto part = part_of(images, ids);
    part->looks.assign(ids.size(), transform_.evaluation_look());
    batch.prepared = {part};
    return batch;
}

Tensor DeviceImages::made(const Part& part) const {
    const Tensor& pictures = part.pictures.defined() ? part.pictures : kept_;
    const int squash = transform_.squash_size();
    std::vector<Tensor> result;
    for (std::int64_t first = 0; first < std::ssize(part.looks); first += kMadeAtOnce) {
        const auto count = std::min<std::int64_t>(kMadeAtOnce, std::ssize(part.looks) - first);
        const auto looks =
            std::span(part.looks)
                .subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
        const Tensor rows = part.rows.narrow(0, first, count);
        const bool square = height_ == squash && width_ == squash;
        result.push_back(square ? looked_at(pictures, rows, looks, transform_.input_size())
                                : looked_at(squashed(pictures, rows, squash),
                                            at::arange(count, rows.options()), looks,
                                            transform_.input_size()));
    }
    return at::cat(result);
}

Tensor DeviceImages::take_images(stream::Batch& batch) const {
    const at::NoGradGuard no_grad;
    std::vector<Tensor> parts;
    for (const auto& prepared : std::exchange(batch.prepared, {})) {
        const auto* part = dynamic_cast<const Part*>(prepared.get());
        require(part != nullptr, "a batch is finished by who prepared it");
        parts.push_back(made(*part));
    }
    return parts.empty() ? Tensor() : parts.size() == 1 ? parts.front() : at::cat(parts);
}

}  // namespace promptcl::input

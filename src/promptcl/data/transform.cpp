#include "promptcl/data/transform.h"

#include "promptcl/core/error.h"
#include "promptcl/data/crop.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/resize.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::data {
namespace {

/// Writes the size x size window of the image whose corner is (top, left); outside the image lie
/// zeros.
void copy_window(ImageView image, int top, int left, Mirror mirror, int size,
                 std::span<float> chw) {
    const auto side = static_cast<std::size_t>(size);
    std::ranges::fill(chw, 0.0f);
    const int first = std::max(0, -left), last = std::min(size, image.width - left);
    for (int y = std::max(0, -top); y < std::min(size, image.height - top); ++y) {
        const std::uint8_t* source = image.row(top + y);
        float* row = chw.data() + static_cast<std::size_t>(y) * side;
        for (int x = first; x < last; ++x) {
            const std::uint8_t* pixel = source + 3 * (left + x);
            float* target = row + (mirror == Mirror::kYes ? size - 1 - x : x);
            for (std::size_t c = 0; c < 3; ++c)
                target[c * side * side] = static_cast<float>(pixel[c]) / 255.0f;
        }
    }
}

/// The image itself when it is size x size, otherwise `storage` filled with it squashed.
ImageView squashed(ImageView image, int size, Image& storage) {
    if (image.height == size && image.width == size) return image;
    storage = resize(image, size, size);
    return storage.view();
}

/// The image written as tf.io.encode_jpeg writes it and read as tf.io.decode_jpeg reads it.
Image through_jpeg(ImageView image) {
    constexpr int kQuality = 95;
    return decode_image(encode_jpeg(image, kQuality), "written a moment ago", JpegDct::kFast);
}

/// A [3, size, size] image in [0, 1], cut (not rounded) to 8 bits.
Image cut_to_bytes(std::span<const float> chw, int size) {
    const std::size_t pixels = chw.size() / 3;
    Image result{size, size, std::vector<std::uint8_t>(chw.size())};
    for (std::size_t i = 0; i < chw.size(); ++i)
        result.rgb[i % pixels * 3 + i / pixels] =
            static_cast<std::uint8_t>(std::clamp(chw[i] * 255.0f, 0.0f, 255.0f));
    return result;
}

bool is_small(std::int64_t input_size) {
    return input_size <= kLargestSmallInput;
}

}  // namespace

int squash_size(const config::Images& images) {
    return static_cast<int>(is_small(images.input_size) ? images.input_size : images.resize_size);
}

JpegDct jpeg_dct(const config::Images& images) {
    return images.jpeg_dct == "fast" ? JpegDct::kFast : JpegDct::kAccurate;
}

Transform::Transform(const config::Images& images)
    : squash_size_(data::squash_size(images)),
      input_size_(static_cast<int>(images.input_size)),
      crop_{.max_aspect = images.crop_max_aspect},
      jpeg_dct_(data::jpeg_dct(images)),
      train_jpeg_(images.train_jpeg),
      augmentation_(images),
      normalization_(normalization_of(images)) {
    if (input_size_ < 1) {
        throw UsageError(fmt::format("input_size is {}", input_size_),
                         "give the side of the network's input in pixels");
    }
    if (squash_size_ < input_size_) {
        throw UsageError(fmt::format("resize_size {} is smaller than input_size {}",
                                     images.resize_size, input_size_),
                         "raise resize_size to at least input_size");
    }
}

std::int64_t Transform::output_size() const {
    return std::int64_t{3} * input_size_ * input_size_;
}

Look Transform::training_look(const Rng& rng) const {
    Rng crop_rng = rng.fork("crop");
    const Mirror mirror = rng.fork("flip").uniform() < 0.5 ? Mirror::kYes : Mirror::kNo;
    if (is_small(input_size_)) {
        const int padding = input_size_ / 8;
        const int top = static_cast<int>(crop_rng.below(padding + 1)) - padding / 2;
        const int left = static_cast<int>(crop_rng.below(padding + 1)) - padding / 2;
        return {{top, left, input_size_, input_size_}, mirror};
    }
    return {random_crop(squash_size_, squash_size_, crop_, crop_rng), mirror};
}

Look Transform::evaluation_look() const {
    const int margin = (squash_size_ - input_size_) / 2;
    return {{margin, margin, input_size_, input_size_}, Mirror::kNo};
}

void Transform::train(ImageView image, const Rng& rng, std::span<float> chw) const {
    require(std::ssize(chw) == output_size(), "a transformed image fills its span");
    Image storage;
    const ImageView square = squashed(image, squash_size_, storage);
    const Look look = training_look(rng);
    if (is_small(input_size_)) {
        copy_window(square, look.part.top, look.part.left, look.mirror, input_size_, chw);
    } else {
        if (train_jpeg_) storage = through_jpeg(square);
        resize_part(train_jpeg_ ? storage.view() : square, look.part, look.mirror, input_size_,
                    chw);
    }
    if (!normalization_) return;
    Image bytes = cut_to_bytes(chw, input_size_);
    augmentation_.apply(bytes, rng);
    copy_window(bytes.view(), 0, 0, Mirror::kNo, input_size_, chw);
    normalization_->apply(chw);
    augmentation_.erase(chw, rng);
}

void Transform::evaluate(ImageView image, std::span<float> chw) const {
    require(std::ssize(chw) == output_size(), "a transformed image fills its span");
    Image storage;
    const ImageView square = squashed(image, squash_size_, storage);
    const Look look = evaluation_look();
    copy_window(square, look.part.top, look.part.left, look.mirror, input_size_, chw);
    if (normalization_) normalization_->apply(chw);
}

}  // namespace promptcl::data

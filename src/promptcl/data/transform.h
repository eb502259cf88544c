// From a stored image to the numbers the network sees.
#pragma once

#include "promptcl/config/images.h"
#include "promptcl/core/rng.h"
#include "promptcl/data/augment/augmentation.h"
#include "promptcl/data/crop.h"
#include "promptcl/data/image.h"
#include "promptcl/data/jpeg.h"
#include "promptcl/data/normalization.h"
#include "promptcl/data/resize.h"

#include <cstdint>
#include <optional>
#include <span>

namespace promptcl::data {

/// Input sizes up to this one are small images: never enlarged, moved about by padding instead of
/// cropped by area.
constexpr int kLargestSmallInput = 64;

/// The side S of the square a source image is squashed to before anything else: resize_size, for
/// small input sizes input_size. An image that is stored squashed to S already gives the same
/// numbers as the original.
int squash_size(const config::Images& images);
/// What the key jpeg_dct says.
JpegDct jpeg_dct(const config::Images& images);

/// What a transform makes of a squashed image: a part of it, which may reach over the edges (there
/// lie zeros), resized to input_size and mirrored.
struct Look {
    Rect part;
    Mirror mirror = Mirror::kNo;

    friend bool operator==(const Look&, const Look&) = default;
};

/// Spec: the training and the evaluation transform, both to `chw` [3, input_size, input_size], in
/// [0, 1] or normalised.
///
/// Large inputs (224): squash; training passes the square through a JPEG of quality 95 and the fast
/// DCT where train_jpeg is set (google-research/l2p libml/input_pipeline.py, train_preprocess) and
/// takes a random crop (data/crop.h) resized to input_size and
/// mirrored with p = 0.5; evaluation takes the centre. Small inputs (<= 64): squash unless it has
/// that size; training pads with zeros by input_size / 8 in all (32 -> 36), takes a random
/// input_size part and mirrors it; evaluation takes it as it is. With
/// normalisation a training image is cut to 8 bits, gets what data::Augmentation draws and is
/// normalised (data/normalization.h); an image of evaluation is normalised as it is.
class Transform {
  public:
    /// UsageError naming the key when a size is not positive or an input of more than 64 exceeds
    /// resize_size.
    explicit Transform(const config::Images& images);

    /// How JPEG files are decoded for it.
    JpegDct jpeg_dct() const { return jpeg_dct_; }
    int input_size() const { return input_size_; }
    /// Side of the square that an image is squashed to first.
    int squash_size() const { return squash_size_; }
    /// Number of floats of a transformed image.
    std::int64_t output_size() const;

    /// What train() draws, and what evaluate() takes.
    Look training_look(const Rng& rng) const;
    Look evaluation_look() const;

    void train(ImageView image, const Rng& rng, std::span<float> chw) const;
    void evaluate(ImageView image, std::span<float> chw) const;

  private:
    int squash_size_;
    int input_size_;
    CropRange crop_;
    JpegDct jpeg_dct_;
    bool train_jpeg_;
    Augmentation augmentation_;
    std::optional<Normalization> normalization_;
};

}  // namespace promptcl::data

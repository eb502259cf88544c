// What training draws of an image beside its crop and mirror.
#pragma once

#include "promptcl/config/images.h"
#include "promptcl/core/rng.h"
#include "promptcl/data/augment/rand_augment.h"
#include "promptcl/data/image.h"

#include <span>

namespace promptcl::data {

/// `augment`, `colorjitter` and `randerasing` of the configuration. Between the two calls the image
/// is divided by 255 and normalised. Source: google-research/l2p libml/preprocess.py
/// (get_augment_preprocess).
class Augmentation {
  public:
    explicit Augmentation(const config::Images& images);

    /// Whether anything is drawn; "noop" and "default" draw nothing.
    bool on() const;
    /// RandAugment or colour jitter, then colour jitter, of the 8-bit image.
    void apply(Image& image, const Rng& rng) const;
    /// Random erasing of the normalised image `chw` [3, input_size, input_size].
    void erase(std::span<float> chw, const Rng& rng) const;

  private:
    config::Images images_;
    augment::RandAugment rand_augment_;
};

}  // namespace promptcl::data

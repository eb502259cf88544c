// The keys of image transforms and augmentation; part of the one list in config/fields.h.
#pragma once

#include "promptcl/config/images.h"

namespace promptcl::config::detail {

template <class Self, class Field>
void visit_images(Self& images, Field& field) {
    field("input_size", images.input_size,
          "side of the image the ViT sees; up to 64 pads and crops");
    field("resize_size", images.resize_size, "side images are resized to before cropping");
    field("norm_01", images.norm_01,
          "pixels lie in [0, 1]; false: (pixel - norm_mean) / norm_std, as with every augmentation "
          "of the tables augment, colorjitter and randerasing");
    field("norm_mean", images.norm_mean,
          "mean of each channel, of pixels in [0, 1]; []: that of the data set");
    field("norm_std", images.norm_std,
          "standard deviation of each channel, of pixels in [0, 1]; []: that of the data set");
    field("crop_max_aspect", images.crop_max_aspect,
          "largest width / height of a training crop; the smallest is 3/4");
    field("jpeg_dct", images.jpeg_dct,
          "inverse DCT that decodes JPEG files: exact, or TensorFlow's \"fast\" integer one");
    field("train_jpeg", images.train_jpeg,
          "pass training images through a JPEG of quality 95 between resizing and cropping");
}

template <class Self, class Field>
void visit_augmentation(Self& images, Field& field) {
    auto& augment = images.augment;
    field("augment.type", augment.type,
          "augmentation after the crop; \"noop\" and \"default\" only normalise");
    field("augment.randaugment_num_layers", augment.randaugment_num_layers,
          "operations applied to an image, one after the other");
    field("augment.randaugment_prob_to_apply", augment.randaugment_prob_to_apply,
          "probability of each operation");
    field("augment.randaugment_magnitude", augment.randaugment_magnitude,
          "strength in [0, 1]; -1: drawn for each operation; with randaugment_magstd the mean, in "
          "[0, num_levels]");
    field("augment.randaugment_num_levels", augment.randaugment_num_levels,
          "a drawn strength is one of 0/n, 1/n, ..., n/n; 0: any in [0, 1)");
    field("augment.randaugment_cutout", augment.randaugment_cutout,
          "afterwards a grey square of half the side");
    field("augment.randaugment_magstd", augment.randaugment_magstd,
          "deviation of a normally drawn strength; 0: not normal");
    field("augment.colorjitter_strength", augment.colorjitter_strength,
          "strength of the colour jitter, for type \"colorjitter\"");
    field("colorjitter.type", images.colorjitter.type,
          "colour jitter after augment; \"noop\" and \"default\" only normalise");
    field("colorjitter.colorjitter_strength", images.colorjitter.colorjitter_strength,
          "strength of the colour jitter");
    field("randerasing.erase_prob", images.randerasing.erase_prob,
          "probability that a random rectangle of the image becomes noise");
    field("mix.mixup_alpha", images.mix.mixup_alpha, "mixup of images and labels; 0: none");
    field("mix.cutmix_alpha", images.mix.cutmix_alpha, "cutmix of images and labels; 0: none");
    field("mix.smoothing", images.mix.smoothing, "label smoothing of mixed batches");
    field("mix.prob_to_apply", images.mix.prob_to_apply, "probability that a batch is mixed");
}

}  // namespace promptcl::config::detail

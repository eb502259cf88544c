// How an image becomes the numbers that the ViT sees, and what is drawn in training.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace promptcl::config {

/// RandAugment or colour jitter after the crop. "none": not configured; "noop" and "default" draw
/// nothing but normalise as all kinds of it do (Images::normalizes()). Source: google-research/l2p
/// augment/augment_utils.py.
struct Augment {
    std::string type = "none";
    std::int64_t randaugment_num_layers = 2;
    double randaugment_prob_to_apply = 1.0;    // of each layer
    double randaugment_magnitude = -1;         // in [0, 1]; -1: drawn for each layer
    std::int64_t randaugment_num_levels = 10;  // a drawn magnitude is k / num_levels; 0: any
    bool randaugment_cutout = true;
    double randaugment_magstd = 0;  // > 0: N(magnitude, magstd), cut to [0, num_levels]
    double colorjitter_strength = 0.5;
};

/// Colour jitter after `Augment`.
struct ColorJitter {
    std::string type = "none";
    double colorjitter_strength = 0.5;
};

/// Noise in a random rectangle of the normalised image.
struct RandErasing {
    double erase_prob = 0;
};

/// Mixes the images of a device's batch and their labels. On where one of the alphas is positive.
struct Mix {
    double mixup_alpha = 0;
    double cutmix_alpha = 0;
    double smoothing = 0;      // of the labels that are mixed
    double prob_to_apply = 1;  // of a batch
    bool on() const { return mixup_alpha > 0 || cutmix_alpha > 0; }
};

struct Images {
    std::int64_t input_size = 224;
    std::int64_t resize_size = 256;
    bool norm_01 = true;
    std::vector<double> norm_mean, norm_std;  // of the three channels; empty: the data set's
    double crop_max_aspect = 4.0 / 3.0;
    std::string jpeg_dct = "accurate";
    bool train_jpeg = false;
    Augment augment;
    ColorJitter colorjitter;
    RandErasing randerasing;
    Mix mix;

    /// Whether pixels are normalised by mean and deviation: as the original, with every kind of
    /// custom augmentation, whatever norm_01 says. Source: google-research/l2p
    /// libml/input_pipeline.py (get_dataset_fns).
    bool normalizes() const {
        return !norm_01 || augment.type != "none" || colorjitter.type != "none" ||
               randerasing.erase_prob > 0;
    }
};

}  // namespace promptcl::config

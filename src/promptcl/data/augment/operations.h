// The operations that RandAugment draws from, each by one strength.
#pragma once

#include "promptcl/data/image.h"

#include <array>
#include <string_view>

namespace promptcl::data::augment {

/// In the original's order. Source: google-research/l2p augment/rand_augment.py.
constexpr std::array<std::string_view, 16> kOperations = {
    "AutoContrast", "Equalize",   "Rotate",      "Posterize", "Solarize", "Color",
    "Contrast",     "Brightness", "Sharpness",   "ShearX",    "ShearY",   "TranslateX",
    "TranslateY",   "Identity",   "SolarizeAdd", "Invert"};

struct Strength {
    float level = 0;        // l, in [0, 1]
    bool positive = true;   // for what turns, shears or translates
    float translation = 0;  // in pixels, at level 1
};

/// The largest translation for a side in pixels: 100 of 224, 40 of 128, 30 of 96, 10 of 32,
/// otherwise three tenths.
float largest_translation(int side);

/// Applies one of kOperations: Rotate by +-30 l degrees; Posterize to floor(4 l) bits; Solarize
/// from floor(256 l) on; SolarizeAdd floor(110 l); Color, Contrast, Brightness and Sharpness with
/// factor 1.8 l + 0.1; Shear by +-0.3 l; Translate by +-l translation; the others have no strength.
void apply(std::string_view operation, const Strength& strength, Image& image);

}  // namespace promptcl::data::augment

#include "promptcl/data/augment/operations.h"

#include "promptcl/core/error.h"
#include "promptcl/data/augment/geometry.h"
#include "promptcl/data/augment/tones.h"

namespace promptcl::data::augment {
namespace {

bool moved(std::string_view operation, const Strength& strength, Image& image) {
    const auto one_way = [&](float amount) { return strength.positive ? amount : -amount; };
    const auto shear = one_way(strength.level * 0.3f);
    const auto translation = one_way(strength.level * strength.translation);
    if (operation == "Rotate") {
        transform(image, rotation(one_way(strength.level * 30.0f), image.height, image.width));
    } else if (operation == "ShearX") {
        transform(image, shear_x(shear));
    } else if (operation == "ShearY") {
        transform(image, shear_y(shear));
    } else if (operation == "TranslateX") {
        transform(image, translation_x(translation));
    } else if (operation == "TranslateY") {
        transform(image, translation_y(translation));
    } else {
        return false;
    }
    return true;
}

bool toned(std::string_view operation, float level, Image& image) {
    const auto at_most = [level](float whole) { return static_cast<int>(level * whole); };
    const float factor = level * 1.8f + 0.1f;
    if (operation == "Posterize") {
        posterize(image, at_most(4));
    } else if (operation == "Solarize") {
        solarize(image, at_most(256));
    } else if (operation == "SolarizeAdd") {
        solarize_add(image, at_most(110));
    } else if (operation == "Color") {
        color(image, factor);
    } else if (operation == "Contrast") {
        contrast(image, factor);
    } else if (operation == "Brightness") {
        brightness(image, factor);
    } else if (operation == "Sharpness") {
        sharpness(image, factor);
    } else {
        return false;
    }
    return true;
}

}  // namespace

float largest_translation(int side) {
    switch (side) {
        case 224:
            return 100;
        case 128:
            return 40;
        case 96:
            return 30;
        case 32:
            return 10;
        default:
            return static_cast<float>(static_cast<int>(0.3 * side));
    }
}

void apply(std::string_view operation, const Strength& strength, Image& image) {
    if (moved(operation, strength, image) || toned(operation, strength.level, image)) return;
    if (operation == "AutoContrast") return autocontrast(image);
    if (operation == "Equalize") return equalize(image);
    if (operation == "Invert") return invert(image);
    require(operation == "Identity", "an operation is one of kOperations");
}

}  // namespace promptcl::data::augment

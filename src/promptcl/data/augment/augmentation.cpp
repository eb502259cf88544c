#include "promptcl/data/augment/augmentation.h"

#include "promptcl/data/augment/color_jitter.h"
#include "promptcl/data/augment/random_erasing.h"

namespace promptcl::data {

Augmentation::Augmentation(const config::Images& images)
    : images_(images), rand_augment_(images.augment, static_cast<int>(images.input_size)) {}

bool Augmentation::on() const {
    return images_.augment.type == "randaugment" || images_.augment.type == "colorjitter" ||
           images_.colorjitter.type == "colorjitter" || images_.randerasing.erase_prob > 0;
}

void Augmentation::apply(Image& image, const Rng& rng) const {
    const auto strength = [](double value) { return static_cast<float>(value); };
    if (images_.augment.type == "randaugment") rand_augment_.apply(image, rng.fork("augment"));
    if (images_.augment.type == "colorjitter") {
        augment::color_jitter(image, strength(images_.augment.colorjitter_strength),
                              rng.fork("augment"));
    }
    if (images_.colorjitter.type == "colorjitter") {
        augment::color_jitter(image, strength(images_.colorjitter.colorjitter_strength),
                              rng.fork("colorjitter"));
    }
}

void Augmentation::erase(std::span<float> chw, const Rng& rng) const {
    if (images_.randerasing.erase_prob <= 0) return;
    augment::random_erasing(chw, static_cast<int>(images_.input_size),
                            images_.randerasing.erase_prob, rng.fork("randerasing"));
}

}  // namespace promptcl::data

// Model files over the tiny ViT, as somebody has them who links the library.
#pragma once

#include "promptcl/model/classifier_file.h"
#include "promptcl/model/edit.h"
#include "promptcl/predict/predictor.h"

#include "tests/support/small_classifier.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_vit.h"

#include <filesystem>
#include <string>
#include <vector>

namespace promptcl::api {

/// vit.npz, and cats.pcl (three classes, L2P) and birds.pcl (two, DualPrompt) over it.
class SmallFiles {
  public:
    SmallFiles() {
        support::write_checkpoint(vit(), support::tiny_checkpoint(3));
        auto cats = support::small_classifier(support::small_l2p(), {"cat", "dog", "owl"});
        auto birds = support::small_classifier(support::small_dualprompt(), {"wren", "kiwi"});
        cats.backbone.sha256 = birds.backbone.sha256 =
            predict::Backbone(vit(), predict::arithmetic_of(cats.state.config), 1).sha256();
        cats.backbone.file = birds.backbone.file = "vit.npz";
        model::write_classifier(at("cats.pcl"), cats);
        model::write_classifier(at("birds.pcl"), birds);
    }
    std::filesystem::path at(const std::string& name) const { return folder_ / name; }
    std::filesystem::path vit() const { return at("vit.npz"); }

  private:
    TemporaryFolder folder_;
};

/// Random pixels of a picture of this size.
inline std::vector<std::uint8_t> random_pixels(int height, int width) {
    Rng rng(5);
    std::vector<std::uint8_t> rgb(static_cast<std::size_t>(height * width * 3));
    for (auto& value : rgb)
        value = static_cast<std::uint8_t>(rng.below(256));
    return rgb;
}

}  // namespace promptcl::api

// A classifier over a frozen ViT: open it, ask it, keep it. Links promptcl::promptcl, which needs
// no LibTorch.
//
//   promptcl::Backbone vit("ViT-B_16.npz");
//   promptcl::Classifier pets("pets.pcl", vit);
//   const promptcl::Answer answer = pets.classify(std::filesystem::path("photo.jpg"));
//   std::cout << pets.class_names()[answer.best] << '\n';
//
// Everything here throws promptcl::Error (promptcl/core/error.h), whose what() is one sentence that
// names the file or key, what is wrong and what to do. Any number of threads may use an object at
// once; those that compute with one ViT take turns.
#pragma once

#include "promptcl/core/error.h"
#include "promptcl/visibility.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace promptcl {

/// A frozen ViT, for any number of classifiers. A copy is the same ViT.
class PROMPTCL_API Backbone {
  public:
    /// A ViT in a file, .npz or .safetensors. Its weights are read when the first classifier is
    /// opened over it. `threads`: how many compute, 0 for one for each usable CPU. Throws Error
    /// when it is no ViT.
    explicit Backbone(const std::filesystem::path& file, int threads = 0);

    const std::filesystem::path& file() const;
    int threads() const;  // as given
    /// "patch 16, width 768, ...".
    std::string describe() const;

    // For the libraries themselves.
    struct Opened;
    explicit Backbone(std::shared_ptr<Opened> opened) : opened_(std::move(opened)) {}
    const std::shared_ptr<Opened>& opened() const { return opened_; }

  private:
    std::shared_ptr<Opened> opened_;
};

/// A decoded picture that somebody else owns: rows from top to bottom, in a row red, green, blue of
/// each pixel, 8 bits each.
struct Picture {
    int height = 0, width = 0;
    std::span<const std::uint8_t> rgb;  // height * width * 3
};

/// What a classifier says of one picture. It depends on the picture alone, not on those beside it.
struct Answer {
    std::vector<float> logits;          // in the order of class_names()
    std::vector<double> probabilities;  // softmax(logits / T), T the classifier's temperature
    std::size_t best = 0;               // class of the largest
    std::vector<std::int64_t> prompts;  // chosen from the pool; empty for a method without one
    double key_likeness = 1;            // cosine of the query and the keys of its prompts
    double class_likeness = 1;          // cosine of the query and the nearest class mean
};

/// A classifier that can be asked; it never changes. A copy is the same classifier.
class PROMPTCL_API Classifier {
  public:
    /// Opens a model file (.pcl) over its ViT.
    Classifier(const std::filesystem::path& file, const Backbone& backbone);
    /// The same; the ViT is looked for beside the file, in the current folder and in data/NAME/.
    explicit Classifier(const std::filesystem::path& file);
    /// What the run in a folder learnt, calibrated on at most `images_per_class` of its images of
    /// each class; 0: the data are not opened, and probabilities are not calibrated. `changes` are
    /// KEY=VALUE, for where its files lie now: "init_checkpoint=...", "data_dir=...".
    static Classifier of_run(const std::filesystem::path& workdir,
                             std::span<const std::string> changes = {},
                             std::int64_t images_per_class = 50);

    const std::vector<std::string>& class_names() const;
    const Backbone& backbone() const;

    /// Of a picture in memory, of the contents of a JPEG or PNG file, of such files.
    Answer classify(const Picture& picture) const;
    Answer classify(std::span<const std::byte> jpeg_or_png) const;
    Answer classify(const std::filesystem::path& file) const;
    std::vector<Answer> classify(std::span<const std::filesystem::path> files) const;

    /// Whether a picture is unlike all that was learnt, by the threshold that rejects the share
    /// `reject` of pictures of known classes. Throws UsageError when the classifier has none.
    bool unlike(const Answer& answer, double reject) const;

    /// The classifier before its last change, to the bit. Throws UsageError when there is none.
    Classifier rolled_back() const;
    /// Writes the model file, whole or not at all.
    void save(const std::filesystem::path& file) const;

    // For the libraries themselves.
    struct Opened;
    explicit Classifier(std::shared_ptr<const Opened> opened) : opened_(std::move(opened)) {}
    const Opened& opened() const { return *opened_; }

  private:
    std::shared_ptr<const Opened> opened_;
};

}  // namespace promptcl

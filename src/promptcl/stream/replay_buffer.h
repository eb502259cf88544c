// Images of what was learnt before, kept to be learnt again.
#pragma once

#include "promptcl/core/rng.h"
#include "promptcl/data/dataset.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace promptcl::stream {

struct KeptImage {
    std::int64_t id = 0;  // position in the training split
    std::int64_t label = 0;
    std::uint64_t lot = 0;  // drawn for the id; the smallest of a class are kept
    data::Image image;      // un-augmented
};

/// Of every class seen so far a uniformly drawn set of at most `per_class` images, whatever tasks
/// they came in. The lot of an image is a function of `rng` and its id, so what is kept depends on
/// which images were seen, not on how often or in what order. Source: spec section 4. (The official
/// code, google-research/l2p libml/continual_buffer.py, draws from a task as a whole.)
class ReplayBuffer final : public data::Dataset {
  public:
    ReplayBuffer(std::int64_t per_class, Rng rng);

    /// Sees one image.
    void add(std::int64_t id, std::int64_t label, data::ImageView image);
    /// Sees these images of a training split.
    void add(const data::Dataset& train, std::span<const std::int64_t> ids);

    /// By class, within a class by lot.
    const std::vector<KeptImage>& kept() const { return kept_; }
    /// How many are of these classes.
    std::int64_t count(std::span<const std::int64_t> classes) const;
    /// Positions in kept() to replay: without repetition when there are as many, else each drawn
    /// from all. The buffer must not be empty.
    std::vector<std::int64_t> draw(std::int64_t images, Rng rng) const;

    std::int64_t size() const override { return std::ssize(kept_); }
    data::ImageView image(std::int64_t i) const override { return at(i).image.view(); }
    std::int64_t label(std::int64_t i) const override { return at(i).label; }
    std::string origin(std::int64_t i) const override;

  private:
    const KeptImage& at(std::int64_t i) const { return kept_[static_cast<std::size_t>(i)]; }

    std::int64_t per_class_;
    Rng rng_;
    std::vector<KeptImage> kept_;
};

}  // namespace promptcl::stream

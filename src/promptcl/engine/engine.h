// The CPU engine: passes of a frozen ViT over a batch, on all cores.
#pragma once

#include "promptcl/engine/backward.h"
#include "promptcl/engine/forward.h"
#include "promptcl/engine/workers.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace promptcl::engine {

/// What features() keeps for backward(), and the trunk that it came from.
struct Recording {
    Layout layout{};
    std::vector<Tape> tapes;
    std::shared_ptr<const Trunk> trunk;
};

/// Computes a batch a few images at a time, each few on one thread, so that an image's result does
/// not depend on the number of threads. Not for two callers at once. Letters: B batch, S image
/// side, P patches, D width. Images are [B, 3, S, S], all arrays dense.
class Engine {
  public:
    struct Options {
        int threads = 1;
        std::int64_t images_at_once = 1;  // of one thread, where there are enough for all
        const Kernels* kernels = &best_kernels();
    };
    Engine(const VitArrays& arrays, const Options& options);

    const backbone::Geometry& geometry() const { return vit_.geometry; }
    std::int64_t input_size() const { return vit_.input_size; }
    /// P.
    std::int64_t patch_count() const { return vit_.patches; }
    /// The images that keep all threads busy once.
    std::int64_t images_at_once() const { return workers_.size() * options_.images_at_once; }

    /// Patch embedding without position, [B, P, D].
    void patches(const float* images, std::int64_t batch, float* result);
    /// cls of the un-prompted pass, [B, D]; `keep` names its block and gets what it is for.
    void query(const float* images, std::int64_t batch, float* cls, Trunk* keep);
    /// The mean over the rows that `readout` names of encoder_norm(the prompted pass), [B, D].
    /// `trunk` is of a batch whose images trunk_first.. are these; it may be null. With `recording`
    /// everything is kept for backward().
    void features(const float* images, std::int64_t batch, const Injection& injection,
                  Readout readout, std::shared_ptr<const Trunk> trunk, std::int64_t trunk_first,
                  Recording* recording, float* result);
    /// The gradient of what was put in, given that of the features [B, D]. `injection` as it was;
    /// the recording's memory can be used again afterwards.
    void backward(const Recording& recording, const Injection& injection, const float* d_features,
                  const InjectionGradient& gradient);

  private:
    /// How many images of a batch a thread takes at a time: no thread is left without.
    std::int64_t few(std::int64_t batch) const;
    template <class Each>
    void each_few(const Layout& layout, std::int64_t batch, const Each& each);

    PackedVit vit_;
    Options options_;
    Workers workers_;
    std::vector<Workspace> spaces_;  // of each worker
};

}  // namespace promptcl::engine

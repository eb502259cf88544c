#include "promptcl/engine/engine.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <utility>

namespace promptcl::engine {

Engine::Engine(const VitArrays& arrays, const Options& options)
    : vit_(arrays, *options.kernels),
      options_(options),
      workers_(options.threads),
      spaces_(static_cast<std::size_t>(workers_.size())) {
    require(options.images_at_once > 0, "a thread takes at least one image at a time");
}

std::int64_t Engine::few(std::int64_t batch) const {
    const std::int64_t fair = (batch + workers_.size() - 1) / workers_.size();
    return std::clamp<std::int64_t>(fair, 1, options_.images_at_once);
}

/// Calls each(workspace, first, count) for all images of a batch, on all threads.
template <class Each>
void Engine::each_few(const Layout& layout, std::int64_t batch, const Each& each) {
    const std::int64_t size = few(batch);
    workers_.run((batch + size - 1) / size, [&](int worker, std::int64_t item) {
        Workspace& space = spaces_[static_cast<std::size_t>(worker)];
        const std::int64_t first = item * size, count = std::min(size, batch - first);
        space.prepare(vit_, layout, count);
        each(space, first, count);
    });
}

void Engine::patches(const float* images, std::int64_t batch, float* result) {
    const std::int64_t pixels = 3 * vit_.input_size * vit_.input_size,
                       size = vit_.patches * vit_.geometry.width;
    const Layout layout = layout_of({}, Readout::kToken, vit_.geometry.blocks, vit_.patches + 1);
    each_few(layout, batch, [&](Workspace& space, std::int64_t first, std::int64_t count) {
        Forward(vit_, *options_.kernels, space)
            .patches({images + first * pixels, first, first, count}, result + first * size);
    });
}

void Engine::query(const float* images, std::int64_t batch, float* cls, Trunk* keep) {
    const std::int64_t pixels = 3 * vit_.input_size * vit_.input_size, tokens = vit_.patches + 1,
                       width = vit_.geometry.width;
    const Layout layout = layout_of({}, Readout::kToken, vit_.geometry.blocks, tokens);
    if (keep != nullptr) {
        keep->x.reserve(batch * tokens * width);
        if (keep->with_projections) keep->projections.reserve(batch * tokens * 3 * width);
    }
    each_few(layout, batch, [&](Workspace& space, std::int64_t first, std::int64_t count) {
        Forward(vit_, *options_.kernels, space)
            .query({images + first * pixels, first, first, count}, layout, cls + first * width,
                   keep);
    });
}

void Engine::features(const float* images, std::int64_t batch, const Injection& injection,
                      Readout readout, std::shared_ptr<const Trunk> trunk, std::int64_t trunk_first,
                      Recording* recording, float* result) {
    const std::int64_t pixels = 3 * vit_.input_size * vit_.input_size, size = few(batch);
    const Layout layout = layout_of(injection, readout, vit_.geometry.blocks, vit_.patches + 1);
    if (trunk && trunk->block > layout.first) trunk = nullptr;
    if (recording != nullptr) {
        require(layout.first < vit_.geometry.blocks, "a backward pass needs something put in");
        recording->layout = layout;
        recording->trunk = trunk;
        recording->tapes.resize(static_cast<std::size_t>((batch + size - 1) / size));
    }
    each_few(layout, batch, [&](Workspace& space, std::int64_t first, std::int64_t count) {
        Tape* tape = nullptr;
        if (recording != nullptr) {
            tape = &recording->tapes[static_cast<std::size_t>(first / size)];
            tape->prepare(vit_, layout, count);
        }
        Forward(vit_, *options_.kernels, space)
            .features({images + first * pixels, first, trunk_first + first, count}, layout,
                      injection, trunk.get(), tape, result + first * vit_.geometry.width);
    });
}

void Engine::backward(const Recording& recording, const Injection& injection,
                      const float* d_features, const InjectionGradient& gradient) {
    std::int64_t batch = 0;
    for (const Tape& tape : recording.tapes)
        batch += tape.images;
    const std::int64_t size = few(batch);
    each_few(recording.layout, batch,
             [&](Workspace& space, std::int64_t first, std::int64_t /*count*/) {
                 const Tape& tape = recording.tapes[static_cast<std::size_t>(first / size)];
                 Backward(vit_, *options_.kernels, space)
                     .run(tape, first, recording.layout, injection,
                          d_features + first * vit_.geometry.width, gradient);
             });
}

}  // namespace promptcl::engine

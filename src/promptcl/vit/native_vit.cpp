#include "promptcl/vit/native_vit.h"

#include "promptcl/backbone/weights.h"
#include "promptcl/core/error.h"
#include "promptcl/engine/engine.h"
#include "promptcl/engine/isa.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace promptcl::vit {
namespace {

engine::Gelu gelu_of(Gelu gelu) {
    return gelu == Gelu::kErf ? engine::Gelu::kErf : engine::Gelu::kTanh;
}

engine::Readout readout_of(Readout readout) {
    switch (readout) {
        case Readout::kToken:
            return engine::Readout::kToken;
        case Readout::kPrompt:
            return engine::Readout::kPrompt;
        case Readout::kTokenPrompt:
            return engine::Readout::kTokenPrompt;
        case Readout::kGap:
            return engine::Readout::kGap;
    }
    throw Bug("a readout has one of four names");
}

float* data_of(const Tensor& x) {
    return x.data_ptr<float>();
}

/// An Injection as the engine has it, and the tensors that it points into.
struct FlatInjection {
    engine::Injection plain;
    std::vector<Tensor> parts;  // every prepend's tokens, then every prefix's key and value
    std::vector<Tensor> held;   // the same, dense

    explicit FlatInjection(const Injection& injection) {
        plain.after_cls = injection.placement == Placement::kAfterCls;
        plain.cls_position = injection.cls_position;
        for (const auto& [block, tokens] : injection.prepend)
            plain.prepends.push_back({block, tokens.size(1), add(tokens)});
        for (const auto& [block, prefix] : injection.prefix) {
            const float* key = add(prefix.key);
            plain.prefixes.push_back({block, prefix.key.size(1), key, add(prefix.value)});
        }
    }

    bool differentiable() const {
        return at::GradMode::is_enabled() &&
               std::ranges::any_of(parts, [](const Tensor& part) { return part.requires_grad(); });
    }

  private:
    const float* add(const Tensor& part) {
        parts.push_back(part);
        held.push_back(part.detach().contiguous());
        return data_of(held.back());
    }
};

/// Which images the last query pass was of, and what it left for the prompted one. The images
/// themselves may go.
struct Remembered {
    c10::weak_intrusive_ptr<c10::StorageImpl> storage{c10::intrusive_ptr<c10::StorageImpl>()};
    std::int64_t offset = 0, images = 0, version = 0;
    std::shared_ptr<engine::Trunk> trunk;

    void remember(const Tensor& these) {
        storage = these.storage().getWeakStorageImpl();
        offset = these.storage_offset();
        images = these.size(0);
        version = static_cast<std::int64_t>(these._version());
    }
    /// The place of `these` among the remembered images, or -1 when they are others.
    std::int64_t place_of(const Tensor& these) const {
        if (!trunk || !these.is_contiguous() || these.size(0) == 0) return -1;
        if (storage.lock().get() != these.storage().unsafeGetStorageImpl()) return -1;
        if (static_cast<std::int64_t>(these._version()) != version) return -1;
        const std::int64_t pixels = these[0].numel(), distance = these.storage_offset() - offset;
        if (distance < 0 || distance % pixels != 0) return -1;
        const std::int64_t place = distance / pixels;
        return place + these.size(0) <= images ? place : -1;
    }
};

}  // namespace

class NativeVit::Passes : public std::enable_shared_from_this<Passes> {
  public:
    Passes(const backbone::VitWeights& weights, Gelu gelu, std::int64_t threads)
        : engine_(engine::arrays_of(weights, gelu_of(gelu)),
                  {.threads = static_cast<int>(threads > 0 ? threads : tensor::threads())}) {}

    engine::Engine& engine() { return engine_; }
    Tensor checked(const Tensor& images) const {
        const std::int64_t side = engine_.input_size();
        tensor::expect_shape(images, {-1, 3, side, side}, "images");
        return images.contiguous();
    }
    Tensor query(const Tensor& images);
    Tensor features(const Tensor& images, const Injection& injection, Readout readout);

    /// Recordings that nobody uses come back here, so that a step takes the memory of the last.
    std::unique_ptr<engine::Recording> recording();
    void take_back(std::unique_ptr<engine::Recording> recording);

  private:
    engine::Engine engine_;
    Remembered last_;
    std::int64_t shared_block_ = 0;  // how far the last prompted pass went un-prompted
    bool shared_projections_ = false;
    std::vector<std::unique_ptr<engine::Recording>> unused_;

    void expect_next(const engine::Injection& injection);

    class Gradient;
};

/// The backward pass to the parts of an injection, as autograd calls it.
class NativeVit::Passes::Gradient final : public torch::autograd::Node {
  public:
    Gradient(std::shared_ptr<Passes> passes, FlatInjection injection,
             std::unique_ptr<engine::Recording> recording)
        : passes_(std::move(passes)),
          injection_(std::move(injection)),
          recording_(std::move(recording)) {
        torch::autograd::edge_list edges;
        for (const Tensor& part : injection_.parts)
            edges.push_back(torch::autograd::impl::gradient_edge(part));
        set_next_edges(std::move(edges));
        injection_.parts.clear();
    }
    ~Gradient() override { release_variables(); }

    torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
        require(recording_ != nullptr, "a graph is gone through once, unless it is retained");
        const at::NoGradGuard no_grad;
        const Tensor d_features = gradients.at(0).contiguous();
        torch::autograd::variable_list result;
        for (const Tensor& part : injection_.held)
            result.push_back(at::empty_like(part));
        engine::InjectionGradient to;
        std::size_t next = 0;
        for (std::size_t i = 0; i < injection_.plain.prepends.size(); ++i)
            to.prepends.push_back(data_of(result[next++]));
        for (std::size_t i = 0; i < injection_.plain.prefixes.size(); ++i, next += 2)
            to.prefixes.push_back({data_of(result[next]), data_of(result[next + 1])});
        passes_->engine().backward(*recording_, injection_.plain, data_of(d_features), to);
        return result;
    }
    void release_variables() override {
        if (recording_) passes_->take_back(std::move(recording_));
    }

  private:
    std::shared_ptr<Passes> passes_;
    FlatInjection injection_;
    std::unique_ptr<engine::Recording> recording_;
};

Tensor NativeVit::Passes::query(const Tensor& given) {
    const at::NoGradGuard no_grad;
    const Tensor images = checked(given);
    const std::int64_t batch = images.size(0);
    if (!last_.trunk || last_.trunk.use_count() > 1)
        last_.trunk = std::make_shared<engine::Trunk>();
    last_.trunk->block = shared_block_;
    last_.trunk->with_projections = shared_projections_;
    Tensor cls = at::empty({batch, engine_.geometry().width});
    engine_.query(data_of(images), batch, data_of(cls), last_.trunk.get());
    last_.remember(images);
    return cls;
}

void NativeVit::Passes::expect_next(const engine::Injection& injection) {
    std::int64_t first = engine_.geometry().blocks - 1;
    bool inserted = false;
    for (const auto& prefix : injection.prefixes)
        first = std::min(first, prefix.block);
    for (const auto& prepend : injection.prepends) {
        inserted = inserted || prepend.block <= first;
        first = std::min(first, prepend.block);
    }
    shared_block_ = first;
    shared_projections_ = !inserted && first < engine_.geometry().blocks - 1;
}

Tensor NativeVit::Passes::features(const Tensor& given, const Injection& injection,
                                   Readout readout) {
    const Tensor images = checked(given);
    const std::int64_t batch = images.size(0), place = last_.place_of(images);
    FlatInjection flat(injection);
    expect_next(flat.plain);
    Tensor result = at::empty({batch, engine_.geometry().width});
    auto kept = flat.differentiable() ? recording() : nullptr;
    engine_.features(data_of(images), batch, flat.plain, readout_of(readout),
                     place < 0 ? nullptr : last_.trunk, std::max<std::int64_t>(place, 0),
                     kept.get(), data_of(result));
    if (kept) {
        const std::shared_ptr<Gradient> node(
            new Gradient(shared_from_this(), std::move(flat), std::move(kept)),
            torch::autograd::deleteNode);
        torch::autograd::set_history(result, node);
    }
    return result;
}

std::unique_ptr<engine::Recording> NativeVit::Passes::recording() {
    if (unused_.empty()) return std::make_unique<engine::Recording>();
    auto recording = std::move(unused_.back());
    unused_.pop_back();
    return recording;
}

void NativeVit::Passes::take_back(std::unique_ptr<engine::Recording> recording) {
    recording->trunk.reset();
    unused_.push_back(std::move(recording));
}

NativeVit::NativeVit(const backbone::Checkpoint& checkpoint, std::int64_t input_size, Gelu gelu,
                     std::int64_t threads)
    : passes_(std::make_shared<Passes>(backbone::arrange_weights(checkpoint, input_size), gelu,
                                       threads)) {}

NativeVit::~NativeVit() = default;

const backbone::Geometry& NativeVit::geometry() const {
    return passes_->engine().geometry();
}

Tensor NativeVit::patches(const Tensor& images) const {
    const at::NoGradGuard no_grad;
    const Tensor dense = passes_->checked(images);
    engine::Engine& engine = passes_->engine();
    Tensor result = at::empty({images.size(0), engine.patch_count(), geometry().width});
    engine.patches(data_of(dense), dense.size(0), data_of(result));
    return result;
}

Tensor NativeVit::cls(const Tensor& images) const {
    return passes_->query(images);
}

Tensor NativeVit::features(const Tensor& images, const Injection& injection,
                           Readout readout) const {
    return passes_->features(images, injection, readout);
}

std::string NativeVit::arithmetic() const {
    return fmt::format("{} {} sums of {}", name(), engine::name_of(engine::chosen_isa()),
                       engine::kProductDepth);
}

std::int64_t NativeVit::images_at_once() const {
    return passes_->engine().images_at_once();
}

}  // namespace promptcl::vit

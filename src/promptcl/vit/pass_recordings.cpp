#include "promptcl/vit/pass_recordings.h"

#include "promptcl/core/error.h"
#include "promptcl/tensor/recording.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace promptcl::vit {
namespace {

constexpr double kAgreement = 0.05;  // of the norm: the same kernels, but for the order of sums

/// Calls each(tensor) for every part of an injection, in a fixed order.
template <class AnyInjection, class Each>
void visit_parts(AnyInjection& injection, const Each& each) {
    for (auto& [block, tokens] : injection.prepend)
        each(tokens);
    for (auto& [block, prefix] : injection.prefix) {
        each(prefix.key);
        each(prefix.value);
    }
}

std::vector<Tensor> parts_of(const Injection& injection) {
    std::vector<Tensor> parts;
    visit_parts(injection, [&](const Tensor& part) { parts.push_back(part); });
    return parts;
}

bool differentiable(const std::vector<Tensor>& parts) {
    return at::GradMode::is_enabled() &&
           std::ranges::any_of(parts, [](const Tensor& part) { return part.requires_grad(); });
}

std::vector<std::int64_t> shape_of(std::int64_t which, const Tensor& tokens,
                                   const Injection& injection) {
    std::vector<std::int64_t> shape{which, differentiable(parts_of(injection)) ? 1 : 0,
                                    static_cast<std::int64_t>(injection.placement),
                                    injection.cls_position ? 1 : 0};
    const auto add = [&](std::int64_t block, const Tensor& x) {
        shape.push_back(block);
        shape.insert(shape.end(), x.sizes().begin(), x.sizes().end());
    };
    add(-1, tokens);
    for (const auto& [block, rows] : injection.prepend)
        add(block, rows);
    shape.push_back(-1);
    for (const auto& [block, prefix] : injection.prefix)
        add(block, prefix.key);
    return shape;
}

Tensor on_cpu(const Tensor& x) {
    return x.detach().to(at::kCPU, at::kFloat, /*non_blocking=*/false, /*copy=*/true);
}

void require_same(const Tensor& recorded, const Tensor& computed) {
    const double norm = computed.norm().item<double>();
    if (!std::isfinite(norm) || (recorded - computed).norm().item<double>() <= kAgreement * norm)
        return;
    throw Error("a recorded pass through the ViT gives other numbers than the pass itself",
                "set cuda_graphs = false");
}

std::vector<Tensor> gradients_of(const Tensor& features, const std::vector<Tensor>& parts,
                                 const Tensor& d_features) {
    return torch::autograd::grad({features}, parts, {d_features}, /*retain_graph=*/true);
}

}  // namespace

/// A pass over memory of its own on the device.
class PassRecordings::Recorded {
  public:
    Recorded(c10::Device device, const Pass& pass, const Tensor& tokens, const Injection& injection)
        : tokens_(tokens.clone()), injection_(injection) {
        const bool backward = differentiable(parts_of(injection));
        visit_parts(injection_, [&](Tensor& part) {
            part = part.detach().to(device, at::kFloat, false, true).contiguous();
            part.requires_grad_(backward);
        });
        forward_ = tensor::record(device, [this, pass, backward] {
            const at::AutoGradMode mode(backward);
            features_ = pass(tokens_, injection_);
        });
        forward_->repeat();
        if (!backward) return;
        d_features_ = at::ones_like(features_);
        backward_ = tensor::record(device, [this] {
            d_parts_ = gradients_of(features_, parts_of(injection_), d_features_);
        });
    }

    Tensor forward(const Tensor& tokens, const Injection& injection) {
        const at::NoGradGuard no_grad;
        tokens_.copy_(tokens);
        const std::vector<Tensor> given = parts_of(injection), own = parts_of(injection_);
        for (std::size_t i = 0; i < own.size(); ++i)
            own[i].copy_(given[i]);
        forward_->repeat();
        return on_cpu(features_);
    }
    std::vector<Tensor> backward(const Tensor& d_features) {
        d_features_.copy_(d_features);
        backward_->repeat();
        std::vector<Tensor> result;
        for (const Tensor& part : d_parts_)
            result.push_back(on_cpu(part));
        return result;
    }

    /// Throws Error unless the recording gives what the pass gives for the same numbers.
    void check(const Pass& pass) {
        const Tensor features = pass(tokens_, injection_);
        require_same(forward(tokens_, injection_), on_cpu(features));
        if (!backward_) return;
        const auto expected = gradients_of(features, parts_of(injection_), d_features_);
        const auto actual = backward(d_features_);
        for (std::size_t i = 0; i < actual.size(); ++i)
            require_same(actual[i], on_cpu(expected[i]));
    }

    bool in_use() const { return !user_.expired(); }
    std::shared_ptr<const bool> use() {
        auto user = std::make_shared<const bool>(true);
        user_ = user;
        return user;
    }

  private:
    Tensor tokens_;
    Injection injection_;
    Tensor features_, d_features_;
    std::vector<Tensor> d_parts_;
    std::unique_ptr<tensor::Recording> forward_, backward_;  // last: over the memory above
    std::weak_ptr<const bool> user_;  // who will ask for the backward pass of the last forward one
};

/// The backward pass of a repetition, as autograd calls it.
class PassRecordings::Gradient final : public torch::autograd::Node {
  public:
    Gradient(std::shared_ptr<Recorded> recorded, const std::vector<Tensor>& parts)
        : recorded_(std::move(recorded)), use_(recorded_->use()) {
        torch::autograd::edge_list edges;
        for (const Tensor& part : parts)
            edges.push_back(torch::autograd::impl::gradient_edge(part));
        set_next_edges(std::move(edges));
    }

    torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
        require(use_ != nullptr, "a graph is gone through once, unless it is retained");
        return recorded_->backward(gradients.at(0));
    }
    void release_variables() override { use_.reset(); }

  private:
    std::shared_ptr<Recorded> recorded_;
    std::shared_ptr<const bool> use_;
};

Tensor PassRecordings::run(std::int64_t which, const Pass& pass, const Tensor& tokens,
                           const Injection& injection) {
    Shape& shape = shapes_[shape_of(which, tokens, injection)];
    if (shape.times < kTimes) ++shape.times;
    if (!shape.recorded && shape.times == kTimes && recordings_ < kMost) {
        auto recorded = std::make_shared<Recorded>(device_, pass, tokens, injection);
        recorded->check(pass);
        shape.recorded = std::move(recorded);
        ++recordings_;
    }
    if (!shape.recorded || shape.recorded->in_use()) return pass(tokens, injection).to(at::kCPU);
    Tensor features = shape.recorded->forward(tokens, injection);
    const auto parts = parts_of(injection);
    if (differentiable(parts)) {
        const std::shared_ptr<Gradient> node(new Gradient(shape.recorded, parts),
                                             torch::autograd::deleteNode);
        torch::autograd::set_history(features, node);
    }
    return features;
}

}  // namespace promptcl::vit

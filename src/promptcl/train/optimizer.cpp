#include "promptcl/train/optimizer.h"

#include "promptcl/core/error.h"
#include "promptcl/train/pieces.h"

#include <ATen/ATen.h>

#include <cmath>

namespace promptcl::train {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

/// The tensor as a row of numbers; both share the numbers.
Tensor row_of(const Tensor& x) {
    return x.detach().view(-1);
}

}  // namespace

Optimizer::Optimizer(const config::Config& config, std::vector<NamedTensor> parameters)
    : config_(config), parameters_(std::move(parameters)) {
    for (const auto& [name, parameter] : parameters_) {
        first_.push_back(at::zeros_like(parameter));
        if (adam()) second_.push_back(at::zeros_like(parameter));
    }
}

void Optimizer::step(const std::vector<Tensor>& gradients, double learning_rate) {
    require(gradients.size() == parameters_.size(), "one gradient for each parameter");
    const at::NoGradGuard no_grad;
    ++steps_;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const Tensor parameter = row_of(parameters_[i].value), first = row_of(first_[i]),
                     gradient = gradients[i].reshape(-1),
                     second = adam() ? row_of(second_[i]) : Tensor();
        for (std::int64_t at = 0; at < parameter.numel(); at += kPiece) {
            const auto piece = [=](const Tensor& whole) { return piece_of(whole, at); };
            if (adam()) {
                step_adam(piece(parameter), piece(first), piece(second), piece(gradient),
                          learning_rate);
            } else {
                step_sgd(piece(parameter), piece(first), piece(gradient), learning_rate);
            }
        }
    }
}

void Optimizer::step_adam(const Tensor& parameter, const Tensor& first, const Tensor& second,
                          const Tensor& gradient, double learning_rate) const {
    first.mul_(kBeta1).add_(gradient, 1 - kBeta1);
    second.mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
    const auto t = static_cast<double>(steps_);
    const Tensor mean = first / (1 - std::pow(kBeta1, t));
    const Tensor deviation = (second / (1 - std::pow(kBeta2, t))).sqrt_().add_(kEpsilon);
    parameter.mul_(1 - learning_rate * config_.weight_decay)
        .addcdiv_(mean, deviation, -learning_rate);
}

void Optimizer::step_sgd(const Tensor& parameter, const Tensor& first, const Tensor& gradient,
                         double learning_rate) const {
    first.mul_(config_.sgd_momentum).add_(gradient);
    parameter.sub_(gradient + config_.sgd_momentum * first, learning_rate);
}

void Optimizer::reset() {
    steps_ = 0;
    for (Tensor& moment : first_)
        moment.zero_();
    for (Tensor& moment : second_)
        moment.zero_();
}

std::vector<NamedTensor> Optimizer::moments() const {
    std::vector<NamedTensor> result;
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        result.push_back({(adam() ? "adam/m/" : "sgd/m/") + parameters_[i].name, first_[i]});
        if (adam()) result.push_back({"adam/v/" + parameters_[i].name, second_[i]});
    }
    return result;
}

}  // namespace promptcl::train

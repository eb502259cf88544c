// Adam and SGD with Nesterov momentum, with a state that is saved by name.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/tensor/tensor.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace promptcl::train {

/// Adam (optim = "adam" or "adamw"), with gradient g, step t = 1, 2, ..., rate lr and weight decay
/// wd:
///   m = 0.9 m + 0.1 g;  v = 0.999 v + 0.001 g^2
///   p -= lr * (m / (1 - 0.9^t)) / (sqrt(v / (1 - 0.999^t)) + 1e-8);  p -= lr * wd * p (decoupled,
///   the p before the step)
/// SGD ("sgd"): m = mu m + g;  p -= lr * (g + mu m), mu = sgd_momentum.
/// Source: spec section 4; flax.optim.Adam and flax.optim.Momentum(nesterov=True).
class Optimizer {
  public:
    Optimizer(const config::Config& config, std::vector<NamedTensor> parameters);

    /// Updates every parameter in place with the given gradients, one for each parameter.
    void step(const std::vector<Tensor>& gradients, double learning_rate);
    /// Forgets all moments and the step count.
    void reset();

    std::int64_t steps() const { return steps_; }
    /// The moments, "adam/m/<parameter>", "adam/v/<parameter>" or "sgd/m/<parameter>".
    std::vector<NamedTensor> moments() const;
    /// Goes on where an optimizer with these steps() and moments() stood; the moments are copied
    /// into this one's.
    void set_steps(std::int64_t steps) { steps_ = steps; }

  private:
    bool adam() const { return config_.optim != "sgd"; }
    /// Of a piece of a parameter, in place: pieces of everything that a step reads and writes fit
    /// into a core's cache together.
    void step_adam(const Tensor& parameter, const Tensor& first, const Tensor& second,
                   const Tensor& gradient, double learning_rate) const;
    void step_sgd(const Tensor& parameter, const Tensor& first, const Tensor& gradient,
                  double learning_rate) const;

    config::Config config_;
    std::vector<NamedTensor> parameters_;
    std::vector<Tensor> first_, second_;  // as the parameters; second_ is empty for SGD
    std::int64_t steps_ = 0;
};

}  // namespace promptcl::train

#include "promptcl/train/learnt_before.h"

#include "promptcl/core/error.h"
#include "promptcl/method/held.h"
#include "promptcl/model/classifier.h"

#include <ATen/ATen.h>

#include <utility>

namespace promptcl::train {
namespace {

/// The part of `tensor` whose indices all lie below `shape`.
Tensor corner_of(Tensor tensor, const std::vector<std::int64_t>& shape) {
    require(tensor.dim() == std::ssize(shape), "what was learnt has the rank of what is learnt on");
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const auto dimension = static_cast<std::int64_t>(i);
        require(shape[i] <= tensor.size(dimension), "a learner only grows");
        tensor = tensor.narrow(dimension, 0, shape[i]);
    }
    return tensor;
}

/// The dimension of a tensor that counts the prompts of the pool.
std::optional<std::int64_t> pool_dimension(const std::string& name, const config::Config& config) {
    if (name == "prompt_pool/key") return 0;
    if (name != "prompt_pool/prompt") return std::nullopt;
    return config.use_prefix_tune_for_e_prompt ? 2 : 1;
}

Tensor mask_of(const NamedTensor& parameter, const io::Array& before, const Hold& hold,
               const config::Config& config) {
    const auto& [name, tensor] = parameter;
    Tensor mask = at::zeros_like(tensor, at::kBool);
    Tensor corner = corner_of(mask, before.shape);
    if (const auto pool = pool_dimension(name, config))
        corner = corner.narrow(*pool, 0, std::min(hold.prompts, corner.size(*pool)));
    corner.fill_(true);
    if (const auto classes = model::class_dimension(name)) {
        for (const std::int64_t label : hold.extended)
            mask.select(static_cast<std::int64_t>(*classes), label).fill_(false);
    }
    return mask;
}

}  // namespace

std::unique_ptr<method::Method> going_on(std::unique_ptr<method::Method> method,
                                         const LearntBefore& before, const config::Config& config) {
    {
        const at::NoGradGuard no_grad;
        for (const auto& [name, tensor] : method->state()) {
            const auto found = before.arrays.find(name);
            if (found == before.arrays.end()) continue;
            corner_of(tensor, found->second.shape).copy_(tensor::from_array(found->second));
        }
    }
    if (!before.hold || method->learns_in_one_pass()) return method;
    std::vector<method::HeldElements> held;
    for (const auto& parameter : method->parameters()) {
        const auto found = before.arrays.find(parameter.name);
        if (found == before.arrays.end()) continue;
        held.push_back({parameter.name, mask_of(parameter, found->second, *before.hold, config)});
    }
    return method::with_held(std::move(method), held);
}

}  // namespace promptcl::train

// A learner of which a part stays as it is.
#pragma once

#include "promptcl/method/method.h"

#include <memory>
#include <string>
#include <vector>

namespace promptcl::method {

/// Elements of one of a learner's trained tensors.
struct HeldElements {
    std::string name;
    Tensor mask;  // bool, of the tensor's shape: those that stay
};

/// `learner`, whose elements under the masks keep their present bits through all training: their
/// gradients are 0, so that the clipping norm does not count them, and what changes them without a
/// gradient (weight decay, weight_norm, shared_prompt_pool) is taken back before the next step and
/// at the end of the task. The learner is of those trained by gradient.
std::unique_ptr<Method> with_held(std::unique_ptr<Method> learner,
                                  const std::vector<HeldElements>& held);

}  // namespace promptcl::method

// Passes through a frozen ViT that come again and again in the same shape, recorded.
#pragma once

#include "promptcl/vit/frozen_vit.h"

#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace promptcl::vit {

/// From the tokens [B, P+1, D] that embed images to the features [B, D], float32 on the CPU. A
/// shape that has come kTimes is recorded, forward and, where the injection asks for gradients,
/// backward (tensor/recording.h), and from then on repeated. While the backward pass of a
/// repetition is still to come, the same shape is computed without. Not for two callers at once.
class PassRecordings {
  public:
    static constexpr int kTimes = 4;
    static constexpr std::int64_t kMost = 6;  // recordings; each keeps its memory

    /// A pass on the device: tokens to features there, float32, differentiable in the injection.
    using Pass = std::function<Tensor(const Tensor& tokens, const Injection& injection)>;

    explicit PassRecordings(c10::Device device) : device_(device) {}

    /// What pass(tokens, injection) gives; `which` names the pass. Throws Error when a recording
    /// does not give what the pass itself gives.
    Tensor run(std::int64_t which, const Pass& pass, const Tensor& tokens,
               const Injection& injection);

    std::int64_t size() const { return recordings_; }

  private:
    class Recorded;
    class Gradient;
    struct Shape {
        int times = 0;
        std::shared_ptr<Recorded> recorded;
    };

    c10::Device device_;
    std::map<std::vector<std::int64_t>, Shape> shapes_;
    std::int64_t recordings_ = 0;
};

}  // namespace promptcl::vit

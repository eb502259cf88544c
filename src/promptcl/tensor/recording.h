// Work on a device that is done again and again over the same memory.
#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <memory>

namespace promptcl::tensor {

class Recording {
  public:
    virtual ~Recording() = default;
    /// Does the work again: reads and writes the memory that it used when it was recorded.
    virtual void repeat() = 0;
};

/// Whether record() works for this device: on GPUs only in a program that was built with CUDA's
/// headers.
bool can_record(c10::Device device);

/// Does `work` a few times and records it. On a GPU that is a CUDA graph: repeat() starts the same
/// kernels, and nothing that `work` does on the CPU is repeated, so it may neither wait for the
/// device nor copy from or to the CPU. Elsewhere repeat() calls `work`. Throws Error when the GPU
/// does not record it.
std::unique_ptr<Recording> record(c10::Device device, std::function<void()> work);

}  // namespace promptcl::tensor

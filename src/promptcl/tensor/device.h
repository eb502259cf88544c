// The GPU, as LibTorch has it.
#pragma once

#include "promptcl/tensor/tensor.h"

#include <c10/core/Device.h>

#include <cstdint>

namespace promptcl::tensor {

bool has_gpu();
/// The first GPU. Throws Error when this LibTorch has no CUDA or finds no GPU.
c10::Device open_gpu();
/// Whether float32 matrix products and convolutions on GPUs may round their factors to TF32 (10
/// bits after the point); for the whole process.
void allow_tf32(bool allowed);
/// Bytes of a GPU that nobody uses; 0 where CUDA does not say.
std::int64_t free_bytes(c10::Device gpu);
/// A copy of x, which is on the CPU, for the device's default stream: made on another stream from
/// pinned memory, so that a GPU goes on computing meanwhile. It is whole when this returns. On the
/// CPU x itself. For any thread.
Tensor sent_beside(const Tensor& x, c10::Device device);

}  // namespace promptcl::tensor

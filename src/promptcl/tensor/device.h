// The GPU, as LibTorch has it.
#pragma once

#include <c10/core/Device.h>

namespace promptcl::tensor {

bool has_gpu();
/// The first GPU. Throws Error when this LibTorch has no CUDA or finds no GPU.
c10::Device open_gpu();
/// Whether float32 matrix products and convolutions on GPUs may round their factors to TF32 (10
/// bits after the point); for the whole process.
void allow_tf32(bool allowed);

}  // namespace promptcl::tensor

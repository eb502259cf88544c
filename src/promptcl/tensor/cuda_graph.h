// CUDA graphs, in programs built with CUDA's headers; tensor/recording.h is the way to them.
#pragma once

#include "promptcl/tensor/recording.h"

namespace promptcl::tensor {

/// As record(), on a GPU.
std::unique_ptr<Recording> record_cuda_graph(c10::Device gpu, const std::function<void()>& work);

}  // namespace promptcl::tensor

#include "promptcl/tensor/device.h"

#include "promptcl/core/error.h"
#include "promptcl/tensor/tensor.h"

#include <ATen/Context.h>

#include <fmt/format.h>

namespace promptcl::tensor {

bool has_gpu() {
    return at::hasCUDA();
}

c10::Device open_gpu() {
    if (!at::globalContext().hasCUDART()) {
        throw Error(
            fmt::format("device \"cuda\" needs a LibTorch with CUDA, and {} was built without it",
                        library_version()),
            "set device = \"cpu\", or build promptcl against PyTorch's own LibTorch "
            "(tools/gpu.sh)");
    }
    if (!has_gpu()) {
        throw Error(fmt::format("device \"cuda\": {} finds no GPU", library_version()),
                    "set device = \"cpu\", or see what nvidia-smi says of GPU and driver");
    }
    return {c10::kCUDA, 0};
}

void allow_tf32(bool allowed) {
    at::globalContext().setAllowTF32CuBLAS(allowed);
    at::globalContext().setAllowTF32CuDNN(allowed);
}

}  // namespace promptcl::tensor

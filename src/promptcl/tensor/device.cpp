#include "promptcl/tensor/device.h"

#include "promptcl/core/error.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <dlfcn.h>
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

std::int64_t free_bytes(c10::Device gpu) {
    // LibTorch brings CUDA's run-time library, of whatever version, into the process.
    const auto ask = reinterpret_cast<int (*)(std::size_t*, std::size_t*)>(
        ::dlsym(RTLD_DEFAULT, "cudaMemGetInfo"));
    const c10::DeviceGuard of_gpu(gpu);
    std::size_t free = 0, total = 0;
    if (ask == nullptr || ask(&free, &total) != 0) return 0;
    return static_cast<std::int64_t>(free);
}

Tensor sent_beside(const Tensor& x, c10::Device device) {
    if (device.is_cpu()) return x;
    const c10::impl::VirtualGuardImpl there(device.type());
    const c10::Stream beside = there.getStreamFromGlobalPool(device);
    const Tensor pinned = x.pin_memory();
    Tensor copy;
    {
        const c10::StreamGuard on(beside);
        copy = pinned.to(device, pinned.scalar_type(), /*non_blocking=*/true);
    }
    beside.synchronize();
    copy.record_stream(there.getDefaultStream(device));
    return copy;
}

}  // namespace promptcl::tensor

#include "promptcl/tensor/cuda_graph.h"

#include "promptcl/core/error.h"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/util/Exception.h>

#include <fmt/format.h>

namespace promptcl::tensor {
namespace {

constexpr int kRunsBefore = 3;  // libraries choose their kernels and take their workspaces

class CudaGraph final : public Recording {
  public:
    CudaGraph(c10::Device gpu, const std::function<void()>& work) {
        const c10::impl::VirtualGuardImpl streams(gpu.type());
        streams.getStream(gpu).synchronize();
        const c10::Stream beside = streams.getStreamFromGlobalPool(gpu);
        const c10::StreamGuard on(beside);  // the default stream cannot be recorded
        for (int i = 0; i < kRunsBefore; ++i)
            work();
        beside.synchronize();
        // Threads that load images go on talking to CUDA meanwhile.
        graph_.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
        try {
            work();
        } catch (...) {
            abandon();
            throw;
        }
        graph_.capture_end();
    }

    void repeat() override { graph_.replay(); }

  private:
    void abandon() {
        try {
            graph_.capture_end();
        } catch (const c10::Error&) {
            // Of a recording that failed; what failed is on its way to the user.
        }
    }

    at::cuda::CUDAGraph graph_;
};

}  // namespace

std::unique_ptr<Recording> record_cuda_graph(c10::Device gpu, const std::function<void()>& work) {
    try {
        return std::make_unique<CudaGraph>(gpu, work);
    } catch (const c10::Error& error) {
        throw Error(fmt::format("a pass cannot be recorded as a CUDA graph: {}",
                                error.what_without_backtrace()),
                    "set cuda_graphs = false");
    }
}

}  // namespace promptcl::tensor

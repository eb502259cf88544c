#include "promptcl/tensor/recording.h"

#include "promptcl/core/error.h"

#include <utility>

#ifdef PROMPTCL_CUDA_GRAPHS
#include "promptcl/tensor/cuda_graph.h"
#endif

namespace promptcl::tensor {
namespace {

class WorkItself final : public Recording {
  public:
    explicit WorkItself(std::function<void()> work) : work_(std::move(work)) {}
    void repeat() override { work_(); }

  private:
    std::function<void()> work_;
};

}  // namespace

#ifdef PROMPTCL_CUDA_GRAPHS
bool can_record(c10::Device) {
    return true;
}
#else
bool can_record(c10::Device device) {
    return !device.is_cuda();
}
#endif

std::unique_ptr<Recording> record(c10::Device device, std::function<void()> work) {
    require(can_record(device), "only what can be recorded is");
#ifdef PROMPTCL_CUDA_GRAPHS
    if (device.is_cuda()) return record_cuda_graph(device, work);
#endif
    work();
    return std::make_unique<WorkItself>(std::move(work));
}

}  // namespace promptcl::tensor

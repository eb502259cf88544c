#include "promptcl/train/mixing.h"

#include "promptcl/core/error.h"
#include "promptcl/data/augment/mix.h"

#include <ATen/ATen.h>

#include <span>

namespace promptcl::train {

method::TrainingBatch mixed(const method::TrainingBatch& batch, const config::Mix& config,
                            std::int64_t classes, const Rng& rng) {
    require(batch.replayed == 0 && batch.images.defined() && !batch.query.defined(),
            "a batch that is mixed has new images, whose query is asked afterwards");
    method::TrainingBatch result = batch;
    result.images =
        batch.images.to(at::kCPU, at::kFloat, /*non_blocking=*/false, /*copy=*/true).contiguous();
    result.targets = at::one_hot(batch.labels, classes).to(at::kFloat).contiguous();
    const auto values = [](const Tensor& tensor) {
        return std::span(tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel()));
    };
    data::augment::mix({.images = values(result.images),
                        .targets = values(result.targets),
                        .count = batch.images.size(0),
                        .size = static_cast<int>(result.images.size(-1))},
                       config, rng);
    return result;
}

}  // namespace promptcl::train

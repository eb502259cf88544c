#include "promptcl/input/batch_tensor.h"
#include "promptcl/input/image_source.h"

namespace promptcl::input {

stream::Batch HostImages::training_batch(const data::Dataset& images,
                                         std::span<const std::int64_t> ids,
                                         const Rng& step_rng) const {
    return stream::training_batch(images, transform_, ids, step_rng);
}

stream::Batch HostImages::evaluation_batch(const data::Dataset& images,
                                           std::span<const std::int64_t> ids) const {
    return stream::evaluation_batch(images, transform_, ids);
}

Tensor HostImages::take_images(stream::Batch& batch) const {
    return input::take_images(batch, transform_.input_size());
}

}  // namespace promptcl::input

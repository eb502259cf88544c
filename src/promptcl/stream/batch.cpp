#include "promptcl/stream/batch.h"

namespace promptcl::stream {
namespace {

/// Calls transform_image(k, image, chw) for image k of the batch.
template <class TransformImage>
Batch make_batch(const data::Dataset& dataset, std::int64_t image_size,
                 std::span<const std::int64_t> ids, TransformImage&& transform_image) {
    Batch batch = batch_without_images(dataset, ids);
    batch.images.resize(ids.size() * static_cast<std::size_t>(image_size));
    for (std::size_t k = 0; k < ids.size(); ++k) {
        transform_image(static_cast<std::int64_t>(k), dataset.image(ids[k]),
                        std::span(batch.images)
                            .subspan(k * static_cast<std::size_t>(image_size),
                                     static_cast<std::size_t>(image_size)));
    }
    return batch;
}

}  // namespace

Batch training_batch(const data::Dataset& dataset, const data::Transform& transform,
                     std::span<const std::int64_t> ids, const Rng& step_rng) {
    return make_batch(dataset, transform.output_size(), ids,
                      [&](std::int64_t k, data::ImageView image, std::span<float> chw) {
                          transform.train(image, step_rng.fork("image", k), chw);
                      });
}

Batch with_replay(Batch batch, const Batch& replayed) {
    batch.images.insert(batch.images.end(), replayed.images.begin(), replayed.images.end());
    batch.prepared.insert(batch.prepared.end(), replayed.prepared.begin(), replayed.prepared.end());
    batch.labels.insert(batch.labels.end(), replayed.labels.begin(), replayed.labels.end());
    batch.ids.insert(batch.ids.end(), replayed.ids.begin(), replayed.ids.end());
    batch.replayed += replayed.size();
    return batch;
}

Batch evaluation_batch(const data::Dataset& dataset, const data::Transform& transform,
                       std::span<const std::int64_t> ids) {
    return make_batch(dataset, transform.output_size(), ids,
                      [&](std::int64_t, data::ImageView image, std::span<float> chw) {
                          transform.evaluate(image, chw);
                      });
}

Batch batch_without_images(const data::Dataset& dataset, std::span<const std::int64_t> ids) {
    Batch batch;
    batch.ids.assign(ids.begin(), ids.end());
    for (const auto id : ids)
        batch.labels.push_back(dataset.label(id));
    return batch;
}

}  // namespace promptcl::stream

// Queries of images that are not augmented, each computed once.
#pragma once

#include "promptcl/data/feature_cache.h"
#include "promptcl/input/image_source.h"
#include "promptcl/method/method.h"
#include "promptcl/stream/batch.h"
#include "promptcl/train/experiment.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace promptcl::train {

enum class Split { kTrain, kTest };

/// Where the queries of a split are kept: in config.cache_dir, for every run that asks the same
/// backbone the same of the same images, in the same batches and with the same arithmetic, so that
/// no bit depends on who came first. In memory without cache_dir or query_cache, and for a test
/// split that is augmented. Error when the folder cannot be written.
data::FeatureCache open_query_cache(const Experiment& experiment, const method::Method& method,
                                    Split split);

/// A batch of one split with its query where the cache has it; then `load` is not called when
/// nobody reads the pixels. For any thread.
stream::Batch load_asked(const data::FeatureCache& cache, const data::Dataset& split,
                         const data::Company& company, stream::Pixels pixels,
                         const std::function<stream::Batch()>& load);

/// A batch that load_asked() brought, and whom it was asked with.
struct Asked {
    const stream::Batch& batch;
    const data::Company& company;
    bool has_images;  // among those that are handed over with it
};

/// method.query() of batches one behind the other, [B, D]. What the cache did not have is computed,
/// all at once, and kept. `images` [B', 3, S, S] are those of the batches that have any.
Tensor query_of(const method::Method& method, std::span<const Asked> asked, const Tensor& images,
                data::FeatureCache& cache);
Tensor query_of(const method::Method& method, const stream::Batch& batch, const Tensor& images,
                const data::Company& company, data::FeatureCache& cache);

/// Queries of training images as they are, for a learner that sees the images augmented
/// (query_augmentation = false). An image is asked about together with its neighbours among the
/// images that its first task brings, in batches of the global size: its bits depend neither on the
/// step that needs it nor on what was kept before.
class UnaugmentedQueries {
  public:
    /// Everything is referred to.
    UnaugmentedQueries(const Experiment& experiment, const input::ImageSource& images,
                       data::FeatureCache& cache);

    /// Of these training images [B, D].
    Tensor of(const method::Method& method, std::span<const std::int64_t> ids);

  private:
    const data::Company& company_of(std::int64_t id) const;
    Tensor computed(const method::Method& method, const data::Company& company);

    const Experiment& experiment_;
    const input::ImageSource& images_;
    data::FeatureCache& cache_;
    std::vector<data::Company> companies_;
    std::vector<std::size_t> company_of_;  // by training image
};

}  // namespace promptcl::train

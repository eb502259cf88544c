// How much of a batch-wise figure is the vote's knowledge of the task.
#pragma once

#include "promptcl/predict/measure.h"

#include <cstdint>
#include <span>
#include <vector>

namespace promptcl::predict {

/// Mean over the tasks of the accuracy on their test images, prompts chosen by vote in batches.
struct AuditRow {
    std::int64_t batch = 0;
    double per_task = 0;  // every batch of one task: the papers' figure, which tells the task
    double mixed = 0;     // batches drawn from all tasks together
};

struct Audit {
    double instance = 0;  // each image chooses for itself
    std::vector<AuditRow> rows;
    std::int64_t images = 0;
    std::int64_t prompted_passes = 0;  // images times the prompts they had to be seen with
};

/// Of one test set a task. Queries are computed once; an image is passed through the prompted ViT
/// once for every set of prompts that some vote gives it. The mixed stream's order is drawn from
/// `seed`, batches are cut off it one after the other, as they are off each task's images.
Audit audit(const Predictor& predictor, std::span<const LabelledImages> tests,
            std::span<const std::int64_t> batches, std::uint64_t seed, const OnProgress& progress);

/// The `top_k` ids that occur most often in the choices, ties to the lower id, rising.
std::vector<std::int64_t> vote(std::span<const std::vector<std::int64_t>> choices,
                               std::size_t top_k);

}  // namespace promptcl::predict

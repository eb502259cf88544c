// Which prompts an image gets: query-key matching, the batch-wise vote, the prompt mask of a task.
#pragma once

#include "promptcl/tensor/tensor.h"

#include <optional>
#include <vector>

namespace promptcl::prompt {

/// x * rsqrt(max(sum x^2, 1e-12)) over the last dimension. Source: google-research/l2p
/// models/prompt.py, l2_normalize.
Tensor l2_normalize(const Tensor& x);

/// Cosine of every query q [B, D] with every key K [M, D]: [B, M], differentiable in both.
Tensor similarity(const Tensor& query, const Tensor& key);

/// The `top_k` ids of the largest similarities [B, M] of each row, best first, ties to the lower
/// id: [B, N] int64.
Tensor nearest(const Tensor& similarity, std::int64_t top_k);

/// The N ids picked most often in index [B, N] out of ids 0..pool_size-1, ties to the lower id, the
/// same for every row: [B, N]. The rows are one device's batch.
Tensor majority_vote(const Tensor& index, std::int64_t pool_size);

/// The ids {task*N, ..., (task+1)*N - 1} that the prompt mask forces while task is trained; none
/// when they leave the pool.
std::optional<std::vector<std::int64_t>> ids_of_task(std::int64_t task, std::int64_t top_k,
                                                     std::int64_t pool_size);

/// The mean over the rows of the similarities [B, M] summed over the chosen ids [B, N]: sum_b sum_n
/// s_{b, index_bn} / B. The one way by which a gradient reaches the keys.
Tensor reduced_similarity(const Tensor& similarity, const Tensor& index);

}  // namespace promptcl::prompt

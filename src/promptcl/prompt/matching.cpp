#include "promptcl/prompt/matching.h"

#include "promptcl/core/error.h"

#include <ATen/ATen.h>

#include <numeric>

namespace promptcl::prompt {
namespace {

constexpr double kNormalizeEpsilon = 1e-12;

}  // namespace

Tensor l2_normalize(const Tensor& x) {
    return x * at::rsqrt(at::clamp_min(x.square().sum(-1, /*keepdim=*/true), kNormalizeEpsilon));
}

Tensor similarity(const Tensor& query, const Tensor& key) {
    tensor::expect_shape(query, {-1, key.size(1)}, "query");
    return at::matmul(l2_normalize(query), l2_normalize(key).t());
}

Tensor nearest(const Tensor& similarity, std::int64_t top_k) {
    require(top_k >= 1 && top_k <= similarity.size(1), "top_k lies in [1, pool_size]");
    const Tensor order =
        std::get<1>(at::sort(similarity.detach(), /*stable=*/true, /*dim=*/1, /*descending=*/true));
    return order.slice(1, 0, top_k);
}

Tensor majority_vote(const Tensor& index, std::int64_t pool_size) {
    const Tensor counts = at::bincount(index.reshape({-1}), {}, pool_size);
    const Tensor order =
        std::get<1>(at::sort(counts, /*stable=*/true, /*dim=*/0, /*descending=*/true));
    return order.slice(0, 0, index.size(1)).unsqueeze(0).expand_as(index);
}

std::optional<std::vector<std::int64_t>> ids_of_task(std::int64_t task, std::int64_t top_k,
                                                     std::int64_t pool_size) {
    if ((task + 1) * top_k > pool_size) return std::nullopt;
    std::vector<std::int64_t> ids(static_cast<std::size_t>(top_k));
    std::iota(ids.begin(), ids.end(), task * top_k);
    return ids;
}

Tensor reduced_similarity(const Tensor& similarity, const Tensor& index) {
    return similarity.gather(1, index).sum() / static_cast<double>(similarity.size(0));
}

}  // namespace promptcl::prompt

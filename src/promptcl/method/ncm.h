// Nearest class mean on the frozen feature: the baseline that learns nothing but averages.
#pragma once

#include "promptcl/method/method.h"

namespace promptcl::method {

///   mean_c = average of query(x) over the training images x of class c;   logit_c = cos(query(x),
///   mean_c)
/// A class without an image scores -1, the least a cosine can be. State: ncm/sum [C, D], ncm/count
/// [C].
class Ncm final : public Method {
  public:
    Ncm(std::shared_ptr<const vit::FrozenVit> backbone, std::int64_t num_classes);

    std::vector<NamedTensor> parameters() const override { return {}; }
    std::vector<NamedTensor> state() const override {
        return {{"ncm/sum", sum_}, {"ncm/count", count_}};
    }
    QueryKind query_kind() const override;
    Tensor query(const Tensor& images) const override;
    bool reads_images() const override { return false; }
    Tensor choose(const Tensor&, Choice) const override { return {}; }
    Tensor logits(const Tensor& images, const Tensor& query,
                  const Tensor& prompt_idx) const override;
    Loss loss(const TrainingBatch& batch) override;
    bool learns_in_one_pass() const override { return true; }
    void observe(const Tensor& query, const Tensor& labels) override;

  private:
    std::shared_ptr<const vit::FrozenVit> backbone_;
    Tensor sum_, count_;  // [C, D], [C]
};

}  // namespace promptcl::method

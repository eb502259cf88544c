// L2P, DualPrompt and everything between: a ViT, frozen or trained too, with learnt prompts and a
// learnt linear head.
#pragma once

#include "promptcl/method/method.h"
#include "promptcl/method/trained_vit.h"
#include "promptcl/prompt/prompts.h"

namespace promptcl::method {

/// All that one pass computes; for training, evaluation and the golden checks alike.
struct Pass {
    Tensor query;       // [B, D], or [B, 0] when nothing asks for it
    Tensor similarity;  // [B, M], undefined without a pool
    Tensor prompt_idx;  // [B, N], undefined without a pool
    Tensor reduce_sim;  // scalar, undefined without a pool
    Tensor pre_logits;  // [B, D], the head's input before norm_pre_logits
    Tensor logits;      // [B, C], before the train mask
};

/// With use_e_prompt and prompt tuning at layer 0 this is L2P, with G- and E-prefixes DualPrompt,
/// without prompts a linear head on the frozen cls feature (ft_seq_frozen). Everything is trained
/// but what freeze_part names: with an empty freeze_part the ViT too (ft_seq). The query "cls"
/// comes from the ViT as it was; those of other embedding keys come from the patch embedding of the
/// ViT in training, and the pull term is differentiated through them.
///
///   logits = (features @ head/kernel + head/bias) / temperature
/// where the features are encoder_norm's rows as vit_classifier says. Source: spec sections 2-4;
/// google-research/l2p models/vit.py and train_continual.py.
class PromptLearner : public Method {
  public:
    PromptLearner(const config::Config& config, std::shared_ptr<const vit::FrozenVit> backbone,
                  std::int64_t num_classes, const Rng& rng);

    std::vector<NamedTensor> parameters() const override { return trained_; }
    std::vector<NamedTensor> measured() const override;
    std::vector<NamedTensor> state() const override;
    void begin_task(std::int64_t task) override { prompts_.start_from_previous(task); }
    QueryKind query_kind() const override;
    Tensor query(const Tensor& images) const override;
    bool reads_images() const override;
    Tensor choose(const Tensor& query, Choice choice) const override;
    Tensor logits(const Tensor& images, const Tensor& query,
                  const Tensor& prompt_idx) const override;
    void begin_step() override;
    Loss loss(const TrainingBatch& batch) final;
    /// As many images at a time as the ViT says: the query pass and the choice of prompts are of
    /// the whole batch, and every term of the loss is a mean over its images or the same for all.
    Loss add_gradients(const TrainingBatch& batch, double devices) override;

    /// The training pass: choice by the keys or by the rules' prompt mask, dropout active.
    Pass forward(const TrainingBatch& batch) const;
    /// The loss of a pass: a mean over its images, but for terms of the parameters alone.
    virtual Loss loss_of(const Pass& pass, const TrainingBatch& batch) const;
    /// The ViT as it is now; of a configuration that needs the plain one.
    const vit::Vit& vit() const { return vit_.vit(); }

  private:
    bool unprompted() const { return !config_.use_e_prompt && !config_.use_g_prompt; }
    /// Whether the head's input is the frozen ViT's cls feature itself.
    bool reads_query() const;
    void require_words_are_known() const;
    Tensor chosen(const Tensor& similarity, Choice choice) const;
    /// The query that embedding_key "mean", "max" or "mean_max" makes of patch embeddings [B, P,
    /// D].
    Tensor patch_query(const Tensor& images) const;
    /// The query that a training batch brings, or else that of its images.
    Tensor query_of(const TrainingBatch& batch) const;
    /// The prompts of a training batch, by the rules' prompt mask or by the keys.
    Tensor prompts_of(const TrainingBatch& batch, const Tensor& query) const;
    /// The training pass of images whose query and prompts are known.
    Pass forward(const TrainingBatch& batch, const Tensor& query, const Tensor& prompt_idx) const;
    Tensor scores(const Tensor& pre_logits) const;
    /// weight_decay / 2 * sum |w|^2 over the arrays of two or more dimensions.
    Tensor penalty() const;

    config::Config config_;
    vit::Readout readout_;
    std::shared_ptr<const vit::FrozenVit> backbone_;  // as it was pre-trained
    TrainedVit vit_;
    prompt::Prompts prompts_;
    Tensor kernel_, bias_;                       // [D, C], [C]
    std::vector<NamedTensor> frozen_, trained_;  // of prompts and head; trained_ of the ViT too
};

}  // namespace promptcl::method

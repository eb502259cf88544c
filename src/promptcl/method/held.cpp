#include "promptcl/method/held.h"

#include "promptcl/core/error.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

namespace promptcl::method {
namespace {

class Held final : public Method {
  public:
    Held(std::unique_ptr<Method> inner, const std::vector<HeldElements>& held)
        : inner_(std::move(inner)) {
        const auto parameters = inner_->parameters();
        for (const auto& [name, mask] : held) {
            const auto found = std::ranges::find(parameters, name, &NamedTensor::name);
            require(found != parameters.end(), "what is held is trained otherwise");
            require(mask.sizes() == found->value.sizes(), "a mask has the shape of its tensor");
            parts_.push_back({found->value, mask, found->value.detach().clone()});
        }
    }

    std::vector<NamedTensor> parameters() const override { return inner_->parameters(); }
    std::vector<NamedTensor> measured() const override { return inner_->measured(); }
    std::vector<NamedTensor> state() const override { return inner_->state(); }
    void begin_task(std::int64_t task) override {
        inner_->begin_task(task);
        put_back();
    }
    void end_task(const std::vector<std::int64_t>& classes, const TaskImages& images) override {
        put_back();
        inner_->end_task(classes, images);
    }
    QueryKind query_kind() const override { return inner_->query_kind(); }
    Tensor query(const Tensor& images) const override { return inner_->query(images); }
    bool reads_images() const override { return inner_->reads_images(); }
    Tensor choose(const Tensor& query, Choice choice) const override {
        return inner_->choose(query, choice);
    }
    Tensor logits(const Tensor& images, const Tensor& query,
                  const Tensor& prompt_idx) const override {
        return inner_->logits(images, query, prompt_idx);
    }
    void begin_step() override {
        inner_->begin_step();
        put_back();
    }
    Loss loss(const TrainingBatch& batch) override { return inner_->loss(batch); }
    Loss add_gradients(const TrainingBatch& batch, double devices) override {
        Loss loss = inner_->add_gradients(batch, devices);
        const at::NoGradGuard no_grad;
        for (const Part& part : parts_) {
            Tensor gradient = part.parameter.grad();
            if (gradient.defined()) gradient.masked_fill_(part.mask, 0);
        }
        return loss;
    }

  private:
    struct Part {
        Tensor parameter, mask, kept;
    };

    void put_back() {
        const at::NoGradGuard no_grad;
        for (Part& part : parts_)
            part.parameter.copy_(at::where(part.mask, part.kept, part.parameter));
    }

    std::unique_ptr<Method> inner_;
    std::vector<Part> parts_;
};

}  // namespace

std::unique_ptr<Method> with_held(std::unique_ptr<Method> learner,
                                  const std::vector<HeldElements>& held) {
    require(!learner->learns_in_one_pass(), "what is held is trained by gradient");
    return std::make_unique<Held>(std::move(learner), held);
}

}  // namespace promptcl::method

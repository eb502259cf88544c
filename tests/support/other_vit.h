// A frozen ViT that is not the plain one: it hands on to one, and keeps count of what it is asked.
#pragma once

#include "promptcl/vit/frozen_vit.h"

#include "tests/support/tiny_world.h"

#include <memory>
#include <utility>
#include <vector>

namespace promptcl::support {

class OtherVit final : public vit::FrozenVit {
  public:
    explicit OtherVit(std::shared_ptr<const vit::FrozenVit> inner, std::int64_t images_at_once = 0,
                      std::int64_t evaluated_at_once = 0)
        : inner_(std::move(inner)),
          images_at_once_(images_at_once),
          evaluated_at_once_(evaluated_at_once) {}

    const backbone::Geometry& geometry() const override { return inner_->geometry(); }
    Tensor patches(const Tensor& images) const override { return inner_->patches(images); }
    Tensor cls(const Tensor& images) const override {
        queried.push_back(images.size(0));
        return inner_->cls(images);
    }
    Tensor features(const Tensor& images, const vit::Injection& injection,
                    vit::Readout readout) const override {
        prompted.push_back(images.size(0));
        return inner_->features(images, injection, readout);
    }
    std::int64_t images_at_once() const override { return images_at_once_; }
    std::int64_t evaluated_at_once() const override { return evaluated_at_once_; }
    std::string_view name() const override { return "other"; }

    mutable std::vector<std::int64_t> queried, prompted;  // images of each pass

  private:
    std::shared_ptr<const vit::FrozenVit> inner_;
    std::int64_t images_at_once_, evaluated_at_once_;
};

}  // namespace promptcl::support

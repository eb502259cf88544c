#include "promptcl/api/opened.h"
#include "promptcl/core/human.h"
#include "promptcl/data/image_file.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/model/undo.h"
#include "promptcl/predict/file_images.h"
#include "promptcl/predict/find_backbone.h"
#include "promptcl/predict/shown_answer.h"
#include "promptcl/runs/exporting.h"
#include "promptcl/runs/run_config.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace promptcl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 16;

Answer to_public(predict::Answer&& answer, const model::Calibration& calibration) {
    Answer result{.logits = std::move(answer.logits),
                  .probabilities = {},
                  .best = 0,
                  .prompts = std::move(answer.prompts),
                  .key_likeness = answer.likeness.key,
                  .class_likeness = answer.likeness.class_mean};
    result.probabilities = model::probabilities(result.logits, calibration.temperature);
    const auto best = std::ranges::max_element(result.logits);
    result.best = static_cast<std::size_t>(best - result.logits.begin());
    return result;
}

/// Of images [count, 3, S, S].
std::vector<Answer> answers(const Classifier::Opened& opened, std::span<const float> pixels,
                            std::size_t count) {
    std::vector<Answer> result;
    for (auto& answer : opened.predictor.answer(pixels, static_cast<std::int64_t>(count)))
        result.push_back(to_public(std::move(answer), opened.classifier().state.calibration));
    return result;
}

Answer answer_one(const Classifier::Opened& opened, data::ImageView image) {
    std::vector<float> pixels(static_cast<std::size_t>(opened.transform.output_size()));
    opened.transform.evaluate(image, pixels);
    return std::move(answers(opened, pixels, 1).front());
}

std::shared_ptr<const Classifier::Opened> open_over(const fs::path& file,
                                                    const Backbone& backbone) {
    return std::make_shared<Classifier::Opened>(backbone, model::read_classifier(file),
                                                file.string());
}

}  // namespace

Classifier::Opened::Opened(Backbone backbone, model::Classifier classifier, std::string called)
    : vit(std::move(backbone)),
      name(std::move(called)),
      predictor(vit.opened()->packed(predict::arithmetic_of(classifier.state.config)), classifier,
                name),
      transform(classifier.state.config.images) {}

Classifier::Classifier(const fs::path& file, const Backbone& backbone)
    : opened_(open_over(file, backbone)) {}

Classifier::Classifier(const fs::path& file) {
    auto classifier = model::read_classifier(file);
    const Backbone vit(predict::find_backbone(classifier, file, {}));
    opened_ = std::make_shared<Opened>(vit, std::move(classifier), file.string());
}

Classifier Classifier::of_run(const fs::path& workdir, std::span<const std::string> changes,
                              std::int64_t images_per_class) {
    const bool looks = images_per_class > 0;
    const auto config = runs::run_config(
        workdir, changes, looks ? runs::Needs::kBackboneAndData : runs::Needs::kBackbone);
    data::OpenObserver nobody;
    auto exported = runs::export_run(
        workdir, config, looks ? std::optional(images_per_class) : std::nullopt, nobody);
    const Backbone vit(std::make_shared<Backbone::Opened>(std::move(exported.backbone),
                                                          static_cast<int>(config.num_threads)));
    return Classifier(
        std::make_shared<Opened>(vit, std::move(exported.classifier), workdir.string()));
}

const std::vector<std::string>& Classifier::class_names() const {
    return opened_->classifier().state.class_names;
}

const Backbone& Classifier::backbone() const {
    return opened_->vit;
}

Answer Classifier::classify(const Picture& picture) const {
    const auto size = static_cast<std::size_t>(std::max(picture.height, 0)) *
                      static_cast<std::size_t>(std::max(picture.width, 0)) * 3;
    if (size == 0 || picture.rgb.size() != size) {
        throw UsageError(fmt::format("a picture of {} x {} pixels has {} bytes, not {}",
                                     picture.height, picture.width, size, picture.rgb.size()),
                         "give red, green and blue of each pixel, row by row");
    }
    return answer_one(*opened_, {picture.height, picture.width, picture.rgb});
}

Answer Classifier::classify(std::span<const std::byte> jpeg_or_png) const {
    return answer_one(*opened_, data::decode_image(jpeg_or_png, "the picture in memory",
                                                   opened_->transform.jpeg_dct())
                                    .view());
}

Answer Classifier::classify(const fs::path& file) const {
    return answer_one(*opened_, data::read_image(file, opened_->transform.jpeg_dct()).view());
}

std::vector<Answer> Classifier::classify(std::span<const fs::path> files) const {
    predict::ImageLoader loader(opened_->classifier().state.config, opened_->vit.threads());
    std::vector<Answer> result;
    for (std::size_t first = 0; first < files.size(); first += kBatch) {
        const auto loaded =
            loader.load(files.subspan(first, std::min(kBatch, files.size() - first)));
        for (const std::string& problem : loaded.problems) {
            if (!problem.empty()) throw Error(problem);
        }
        auto more = answers(*opened_, loaded.pixels, loaded.places.size());
        std::ranges::move(more, std::back_inserter(result));
    }
    return result;
}

bool Classifier::unlike(const Answer& answer, double reject) const {
    const auto& calibration = opened_->classifier().state.calibration;
    return predict::threshold_of(calibration, reject, opened_->name)
        .rejects({.key = answer.key_likeness, .class_mean = answer.class_likeness});
}

Classifier Classifier::rolled_back() const {
    return Classifier(std::make_shared<Opened>(
        opened_->vit, model::rolled_back(opened_->classifier(), opened_->name), opened_->name));
}

void Classifier::save(const fs::path& file) const {
    model::write_classifier(file, opened_->classifier());
}

}  // namespace promptcl

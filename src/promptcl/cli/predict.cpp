// `promptcl predict` without LibTorch.
#include "promptcl/cli/answers.h"
#include "promptcl/cli/commands.h"
#include "promptcl/cli/image_paths.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/core/error.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/predict/file_images.h"
#include "promptcl/predict/find_backbone.h"
#include "promptcl/predict/predictor.h"
#include "promptcl/runs/opened_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 16;

predict::Predictor open_file(const PredictOptions& options) {
    auto classifier = model::read_classifier(options.model);
    const auto backbone = std::make_shared<const predict::Backbone>(
        predict::find_backbone(classifier, options.model, options.backbone),
        predict::arithmetic_of(classifier.state.config), static_cast<int>(options.threads));
    return {backbone, std::move(classifier), options.model.string()};
}

predict::Predictor open_checkpoint(const PredictOptions& options) {
    runs::OpenedRun opened = runs::open_run(options.model, options.config);
    return {opened.backbone, std::move(opened.classifier), options.model.string()};
}

predict::Showing showing_of(const PredictOptions& options, const model::Classifier& classifier) {
    predict::Showing showing{.top_k = options.top_k,
                             .threshold = nullptr,
                             .likeness = predict::knows_its_classes(classifier)};
    if (options.reject) {
        showing.threshold = &predict::threshold_of(classifier.state.calibration, *options.reject,
                                                   options.model.string());
    }
    return showing;
}

/// Answers pictures, and says on standard error which could not be read.
class Answering {
  public:
    explicit Answering(const PredictOptions& options)
        : predictor_(options.is_run ? open_checkpoint(options) : open_file(options)),
          loader_(predictor_.classifier().state.config, static_cast<int>(options.threads)),
          printer_(options.form),
          showing_(showing_of(options, predictor_.classifier())) {}

    bool all_read() const { return broken_ == 0; }

    void answer(std::span<const fs::path> files) {
        const auto loaded = loader_.load(files);
        const auto answers = predictor_.answer(loaded.pixels, std::ssize(loaded.places));
        line_.clear();
        auto next = answers.begin();
        for (std::size_t i = 0; i < files.size(); ++i) {
            if (loaded.problems[i].empty()) {
                printer_.print(predict::shown(*next++, files[i].string(),
                                              predictor_.classifier().state, showing_));
            } else {
                ++broken_;
                fmt::print(stderr, "promptcl: {}\n", loaded.problems[i]);
            }
        }
    }
    void answer_all(const std::vector<fs::path>& files) {
        for (std::size_t first = 0; first < files.size() && !interrupted(); first += kBatch) {
            const std::size_t count = std::min(files.size() - first, kBatch);
            answer(std::span(files).subspan(first, count));
            line_.show("predicting", static_cast<std::int64_t>(first + count), std::ssize(files),
                       "");
        }
        line_.clear();
    }

  private:
    predict::Predictor predictor_;
    predict::ImageLoader loader_;
    AnswerPrinter printer_;
    predict::Showing showing_;
    ProgressLine line_;
    std::int64_t broken_ = 0;
};

void answer_listed(Answering& answering) {
    std::ios::sync_with_stdio(false);  // else a stream does not know what has come
    while (!interrupted()) {
        const auto files = next_listed(std::cin, kBatch);
        if (files.empty()) return;
        answering.answer(files);
    }
}

void answer_watched(Answering& answering, const fs::path& folder) {
    WatchedFolder watched(folder);
    for (auto files = watched.next(); !files.empty(); files = watched.next())
        answering.answer_all(files);
}

}  // namespace

int run_predict(const PredictOptions& options) {
    watch_for_interrupts();
    const auto files = picture_paths(options.images);
    Answering answering(options);
    answering.answer_all(files);
    if (options.listed) answer_listed(answering);
    if (!options.watch.empty()) answer_watched(answering, options.watch);
    if (interrupted() && options.watch.empty()) return interrupt_exit_code();
    return static_cast<int>(answering.all_read() ? ExitCode::kSuccess : ExitCode::kWorld);
}

bool needs_torch(const PredictOptions& options) {
    if (!options.is_run) return false;
    if (options.config.engine == "plain" || options.config.device != "cpu") return true;
    const auto arrays = model::newest_run_model(options.model).model.arrays;
    return std::ranges::any_of(arrays, [](const auto& named) {
        return named.first.starts_with("Transformer/") || named.first.starts_with("embedding/");
    });
}

}  // namespace promptcl::cli

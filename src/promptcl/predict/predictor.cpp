#include "promptcl/predict/predictor.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>

namespace promptcl::predict {
namespace {

engine::Readout readout_of(const std::string& vit_classifier) {
    if (vit_classifier == "token") return engine::Readout::kToken;
    if (vit_classifier == "prompt") return engine::Readout::kPrompt;
    if (vit_classifier == "token+prompt") return engine::Readout::kTokenPrompt;
    require(vit_classifier == "gap", "vit_classifier is one of token, gap, prompt, token+prompt");
    return engine::Readout::kGap;
}

/// mean, max or max + 2 mean over the P patches [P, D] of one image.
std::vector<float> pooled(std::span<const float> patches, std::int64_t width,
                          const std::string& key) {
    const auto rows = std::ssize(patches) / width;
    std::vector<float> mean(static_cast<std::size_t>(width)),
        most(patches.begin(), patches.begin() + width);
    for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t d = 0; d < width; ++d) {
            const float value = patches[static_cast<std::size_t>(row * width + d)];
            mean[static_cast<std::size_t>(d)] += value / static_cast<float>(rows);
            most[static_cast<std::size_t>(d)] = std::max(most[static_cast<std::size_t>(d)], value);
        }
    }
    if (key == "mean") return mean;
    if (key == "max") return most;
    require(key == "mean_max", "embedding_key is one of cls, mean, max, mean_max");
    for (std::size_t d = 0; d < mean.size(); ++d)
        most[d] += 2 * mean[d];
    return most;
}

std::span<const float> row_of(const std::vector<float>& rows, std::int64_t row,
                              std::int64_t width) {
    return {rows.data() + row * width, static_cast<std::size_t>(width)};
}

}  // namespace

Predictor::Predictor(std::shared_ptr<const Backbone> backbone, model::Classifier classifier,
                     const std::string& name)
    : backbone_(std::move(backbone)),
      classifier_(std::move(classifier)),
      prompts_(classifier_),
      head_(classifier_),
      means_(classifier_),
      readout_(readout_of(classifier_.state.config.vit_classifier)) {
    require_belongs(classifier_, *backbone_, name);
    require(arithmetic_of(classifier_.state.config) == backbone_->arithmetic(),
            "a classifier is given its ViT as it computes with it");
}

bool Predictor::reads_query() const {
    const config::Config& config = classifier_.state.config;
    return config.method == "ncm" ||
           (!config.use_e_prompt && !config.use_g_prompt && readout_ == engine::Readout::kToken);
}

std::vector<float> Predictor::queries(engine::Engine& engine, std::span<const float> images,
                                      std::int64_t count) const {
    const std::int64_t width = engine.geometry().width, side = engine.input_size();
    require(std::ssize(images) == count * 3 * side * side, "images are [count, 3, S, S]");
    const std::string& key =
        prompts_.has_pool() ? classifier_.state.config.prompt_pool_param.embedding_key : "cls";
    std::vector<float> result(static_cast<std::size_t>(count * width));
    if (key == "cls") {
        engine.query(images.data(), count, result.data(), nullptr);
        return result;
    }
    const std::int64_t size = engine.patch_count() * width;
    std::vector<float> patches(static_cast<std::size_t>(count * size));
    engine.patches(images.data(), count, patches.data());
    for (std::int64_t i = 0; i < count; ++i)
        std::ranges::copy(pooled(row_of(patches, i, size), width, key), result.begin() + i * width);
    return result;
}

std::vector<Choice> Predictor::chosen(const std::vector<float>& queries) const {
    const std::int64_t width = classifier_.backbone.geometry.width;
    std::vector<Choice> choices;
    for (std::int64_t i = 0; i < std::ssize(queries) / width; ++i)
        choices.push_back(prompts_.choose(row_of(queries, i, width)));
    return choices;
}

std::vector<float> Predictor::features(engine::Engine& engine, std::span<const float> images,
                                       std::span<const Choice> choices) const {
    if (reads_query()) return queries(engine, images, std::ssize(choices));
    const auto injection = prompts_.injection(choices);
    std::vector<float> result(choices.size() * static_cast<std::size_t>(engine.geometry().width));
    engine.features(images.data(), std::ssize(choices), injection.plain, readout_, nullptr, 0,
                    nullptr, result.data());
    return result;
}

std::vector<Choice> Predictor::choose(std::span<const float> images, std::int64_t count) const {
    std::vector<float> query;
    backbone_->use([&](engine::Engine& engine) { query = queries(engine, images, count); });
    return chosen(query);
}

std::vector<std::vector<float>> Predictor::features(std::span<const float> images,
                                                    std::span<const Choice> choices) const {
    std::vector<float> feature;
    backbone_->use([&](engine::Engine& engine) { feature = features(engine, images, choices); });
    const std::int64_t width = classifier_.backbone.geometry.width;
    std::vector<std::vector<float>> result;
    for (std::int64_t i = 0; i < std::ssize(choices); ++i) {
        const auto row = row_of(feature, i, width);
        result.emplace_back(row.begin(), row.end());
    }
    return result;
}

std::vector<Answer> Predictor::answer(std::span<const float> images, std::int64_t count) const {
    const std::int64_t width = classifier_.backbone.geometry.width;
    std::vector<float> query, feature;
    std::vector<Choice> choices;
    backbone_->use([&](engine::Engine& engine) {
        query = queries(engine, images, count);
        choices = chosen(query);
        feature = reads_query() ? query : features(engine, images, choices);
    });
    std::vector<Answer> answers;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto own_query = row_of(query, i, width), own_feature = row_of(feature, i, width);
        const Choice& choice = choices[static_cast<std::size_t>(i)];
        answers.push_back(
            {.logits = head_.logits(own_feature),
             .prompts = choice.ids,
             .likeness = {.key = choice.similarity, .class_mean = means_.nearest(own_query)},
             .query = {own_query.begin(), own_query.end()},
             .feature = {own_feature.begin(), own_feature.end()}});
    }
    return answers;
}

}  // namespace promptcl::predict

#include "promptcl/predict/shown_answer.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <numeric>

namespace promptcl::predict {

bool knows_its_classes(const model::Classifier& classifier) {
    const auto images = classifier.state.arrays.at("class/images").as_float();
    return std::ranges::any_of(images, [](float count) { return count > 0; });
}

const model::Threshold& threshold_of(const model::Calibration& calibration, double reject,
                                     const std::string& classifier) {
    if (calibration.thresholds.empty()) {
        throw UsageError(fmt::format("{} does not know what its classes look like, so it cannot "
                                     "reject an image",
                                     classifier),
                         "make it with `promptcl export` where the run's data are at hand");
    }
    const auto* threshold = calibration.threshold_for(reject);
    if (threshold == nullptr) {
        throw UsageError(fmt::format("a share of {} to reject is below the least that {} knows, {}",
                                     reject, classifier, calibration.thresholds.front().wanted),
                         "give a larger one");
    }
    return *threshold;
}

std::vector<ShownAnswer::Class> best_classes(const std::vector<double>& probabilities,
                                             const std::vector<std::string>& names,
                                             std::int64_t top_k) {
    std::vector<std::size_t> order(names.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&](std::size_t i) { return probabilities[i]; });
    order.resize(std::min(order.size(), static_cast<std::size_t>(top_k)));
    std::vector<ShownAnswer::Class> best;
    for (const std::size_t i : order)
        best.push_back({.name = names[i], .probability = probabilities[i]});
    return best;
}

ShownAnswer shown(const Answer& answer, const std::string& image, const model::State& state,
                  const Showing& showing) {
    const auto probabilities = model::probabilities(answer.logits, state.calibration.temperature);
    ShownAnswer result{.image = image,
                       .classes = best_classes(probabilities, state.class_names, showing.top_k),
                       .prompts = answer.prompts,
                       .likeness = std::nullopt};
    if (showing.likeness) {
        const model::Threshold* threshold = showing.threshold;
        result.likeness = {.key = answer.likeness.key,
                           .class_mean = answer.likeness.class_mean,
                           .rejected = threshold != nullptr && threshold->rejects(answer.likeness)};
    }
    return result;
}

nlohmann::ordered_json to_json(const ShownAnswer& answer) {
    nlohmann::ordered_json classes = nlohmann::ordered_json::array();
    for (const auto& [name, probability] : answer.classes)
        classes.push_back({{"class", name}, {"probability", probability}});
    nlohmann::ordered_json json = {
        {"image", answer.image}, {"classes", classes}, {"prompts", answer.prompts}};
    if (answer.likeness) {
        json["likeness"] = {{"key", answer.likeness->key},
                            {"class_mean", answer.likeness->class_mean}};
        json["rejected"] = answer.likeness->rejected;
    }
    return json;
}

}  // namespace promptcl::predict

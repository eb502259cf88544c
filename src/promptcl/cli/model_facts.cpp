#include "promptcl/cli/model_facts.h"

#include "promptcl/cli/table.h"
#include "promptcl/core/human.h"
#include "promptcl/model/json.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace promptcl::cli {
namespace {

using nlohmann::ordered_json;

std::vector<double> images_of_classes(const model::Classifier& classifier) {
    return classifier.state.arrays.at("class/images").as_double();
}

std::string calibration_text(const model::Calibration& calibration) {
    if (calibration.images == 0) return "not calibrated\n";
    std::string text = fmt::format("calibrated on {} test images: temperature {:.3f}\n",
                                   calibration.images, calibration.temperature);
    std::vector<Row> rows;
    for (const auto& threshold : calibration.thresholds) {
        rows.push_back({fmt::format("{}", threshold.wanted), percent(threshold.measured, 1),
                        fmt::format("{:.3f}", threshold.least.key),
                        fmt::format("{:.3f}", threshold.least.class_mean)});
    }
    if (rows.empty()) return text;
    return text + "\n" +
           format_table({"--reject", "known images rejected", "key at least", "class at least"},
                        rows);
}

/// "accuracy 0.93, images 40" of what was measured, numbers alone.
std::string results_text(const nlohmann::json& results) {
    std::vector<std::string> parts;
    for (const auto& [name, value] : results.items()) {
        if (value.is_number_float()) {
            parts.push_back(fmt::format("{} {:.4g}", name, value.get<double>()));
        } else if (value.is_number() || value.is_string()) {
            parts.push_back(fmt::format("{} {}", name, value.dump()));
        }
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

ordered_json model_facts(const model::Classifier& classifier) {
    const model::State& state = classifier.state;
    const auto images = images_of_classes(classifier);
    ordered_json classes = ordered_json::array();
    for (std::size_t i = 0; i < images.size(); ++i)
        classes.push_back({{"class", state.class_names[i]}, {"images", images[i]}});
    ordered_json history = ordered_json::array();
    for (const auto& event : classifier.history) {
        ordered_json shown = model::to_json(event);
        shown.erase("undo");
        history.push_back(shown);
    }
    ordered_json arrays = ordered_json::object();
    for (const auto& [name, array] : state.arrays)
        arrays[name] = array.shape;
    return {{"method", state.config.method},
            {"tasks_learnt", state.tasks_learnt},
            {"backbone", model::to_json(classifier.backbone)},
            {"classes", classes},
            {"calibration", model::to_json(state.calibration)},
            {"history", history},
            {"arrays", arrays}};
}

std::string model_text(const model::Classifier& classifier) {
    const model::State& state = classifier.state;
    const auto images = images_of_classes(classifier);
    std::string text =
        fmt::format("{}, {} classes in {} tasks, over {} ({}, SHA-256 {})\n{}\n",
                    state.config.method, classifier.classes(), state.tasks_learnt,
                    classifier.backbone.file, classifier.backbone.geometry.name,
                    classifier.backbone.sha256.substr(0, 16), calibration_text(state.calibration));
    std::vector<Row> rows;
    for (std::size_t i = 0; i < images.size(); ++i)
        rows.push_back({state.class_names[i], fmt::format("{}", images[i])});
    text += format_table({"class", "images of its mean"}, rows) + "\n";
    rows.clear();
    for (const auto& event : classifier.history) {
        rows.push_back({event.when, event.action, std::to_string(event.classes.size()),
                        std::to_string(event.images), results_text(event.results)});
    }
    return text + format_table({"when", "step", "classes", "images", "measured"}, rows);
}

}  // namespace promptcl::cli

#include "promptcl/model/json.h"

#include "promptcl/io/json.h"

namespace promptcl::model {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

ordered_json to_json(const Threshold& threshold) {
    return {{"wanted", threshold.wanted},
            {"key", threshold.least.key},
            {"class_mean", threshold.least.class_mean},
            {"measured", threshold.measured}};
}

}  // namespace

ordered_json to_json(const BackboneIdentity& backbone) {
    const auto& geometry = backbone.geometry;
    return {{"name", geometry.name},     {"patch", geometry.patch}, {"width", geometry.width},
            {"mlp", geometry.mlp},       {"heads", geometry.heads}, {"blocks", geometry.blocks},
            {"sha256", backbone.sha256}, {"file", backbone.file}};
}

BackboneIdentity backbone_from_json(const json& json) {
    return {.geometry = {.name = json.at("name"),
                         .patch = io::whole_number(json.at("patch")),
                         .width = io::whole_number(json.at("width")),
                         .mlp = io::whole_number(json.at("mlp")),
                         .heads = io::whole_number(json.at("heads")),
                         .blocks = io::whole_number(json.at("blocks"))},
            .sha256 = json.at("sha256"),
            .file = json.at("file")};
}

ordered_json to_json(const Calibration& calibration) {
    ordered_json thresholds = ordered_json::array();
    for (const Threshold& threshold : calibration.thresholds)
        thresholds.push_back(to_json(threshold));
    return {{"temperature", calibration.temperature},
            {"images", calibration.images},
            {"thresholds", thresholds}};
}

Calibration calibration_from_json(const json& json) {
    Calibration result{.temperature = json.at("temperature"),
                       .images = io::whole_number(json.at("images")),
                       .thresholds = {}};
    for (const auto& one : json.at("thresholds")) {
        result.thresholds.push_back(
            {.wanted = one.at("wanted"),
             .least = {.key = one.at("key"), .class_mean = one.at("class_mean")},
             .measured = one.at("measured")});
    }
    return result;
}

ordered_json to_json(const Event& event) {
    return {{"when", event.when},     {"action", event.action},   {"classes", event.classes},
            {"images", event.images}, {"results", event.results}, {"undo", event.undo}};
}

Event event_from_json(const json& json) {
    return {.when = json.at("when"),
            .action = json.at("action"),
            .classes = json.at("classes"),
            .images = io::whole_number(json.at("images")),
            .results = json.at("results"),
            .undo = json.at("undo"),
            .undo_arrays = {}};
}

}  // namespace promptcl::model

#include "promptcl/report/run_results.h"

#include "promptcl/config/json.h"
#include "promptcl/core/error.h"
#include "promptcl/io/file.h"
#include "promptcl/io/json.h"

#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace promptcl::report {
namespace {

constexpr std::string_view kFormat = "promptcl-results-1";

/// A missing entry is null.
metrics::AccuracyMatrix matrix_of(const nlohmann::json& json, const std::string& place) {
    std::vector<std::vector<double>> rows;
    for (const auto& row : json) {
        auto& values = rows.emplace_back();
        for (const auto& value : row)
            values.push_back(value.is_null() ? std::nan("") : value.get<double>());
    }
    try {
        return metrics::AccuracyMatrix::from_rows(std::move(rows));
    } catch (const Error& problem) {
        throw Error(fmt::format("{}: {}", place, problem.what()));
    }
}

Figures figures_of(const nlohmann::json& json, const std::string& place) {
    const auto& last = json.at("final");
    Figures figures{.accuracy = last.at("avg_acc").get<double>(),
                    .forgetting = std::nullopt,
                    .matrix = matrix_of(json.at("accuracy_matrix"), place)};
    if (const auto found = last.find("forgetting"); found != last.end()) {
        figures.forgetting = found->get<double>();
    }
    return figures;
}

Cost cost_of(const nlohmann::json& json) {
    return {.train_seconds = json.at("train_seconds"),
            .input_wait_seconds = json.value("input_wait_seconds", 0.0),
            .eval_seconds = json.at("eval_seconds"),
            .train_images_per_second = json.at("train_images_per_second"),
            .eval_images_per_second = json.at("eval_images_per_second"),
            .peak_memory_bytes = json.at("peak_memory_bytes")};
}

RunResults results_of(const nlohmann::json& json, const std::string& place) {
    const auto& backbone = json.at("backbone");
    return {.config = config::from_json(json.at("config"), place),
            .tasks_done = json.at("tasks_done"),
            .num_tasks = json.at("num_tasks"),
            .configured = figures_of(json.at("configured"), place),
            .instance = figures_of(json.at("instance"), place),
            .wall_seconds = json.at("wall_seconds"),
            .threads = json.at("threads"),
            .backbone_path = backbone.at("path"),
            .backbone_sha256 = backbone.at("sha256"),
            .backbone_geometry = backbone.at("geometry"),
            .cost = cost_of(json),
            .class_names = json.at("class_names"),
            .data_sha256 = json.at("data").at("sha256"),
            .version = json.at("versions").at("promptcl"),
            .tensor_library = json.at("versions").at("tensor_library")};
}

}  // namespace

RunResults read_run_results(const std::filesystem::path& results_file) {
    const std::string text = io::read_file(results_file);
    try {
        const auto json = io::parse_json(text);
        const std::string format = json.at("format");
        if (format != kFormat) {
            throw Error(
                fmt::format("{} is a \"{}\" file, but this version of promptcl reads \"{}\"",
                            results_file.string(), format, kFormat),
                "use the version that wrote it, or a newer one");
        }
        return results_of(json, "in " + results_file.string());
    } catch (const nlohmann::json::exception& problem) {
        throw Error(fmt::format("{} is damaged: {}", results_file.string(), problem.what()),
                    "remove it; the run's next evaluation writes it anew");
    }
}

}  // namespace promptcl::report

#include "promptcl/report/run_results.h"

#include "promptcl/config/json.h"
#include "promptcl/core/error.h"
#include "promptcl/io/file.h"

#include <fmt/format.h>

namespace promptcl::report {
namespace {

constexpr std::string_view kFormat = "promptcl-results-1";

Figures figures_of(const nlohmann::json& matrix) {
    const auto& last = matrix.at("final");
    Figures figures{.accuracy = last.at("avg_acc").get<double>(), .forgetting = std::nullopt};
    if (const auto found = last.find("forgetting"); found != last.end()) {
        figures.forgetting = found->get<double>();
    }
    return figures;
}

RunResults results_of(const nlohmann::json& json, const std::string& place) {
    const auto& backbone = json.at("backbone");
    return {.config = config::from_json(json.at("config"), place),
            .tasks_done = json.at("tasks_done"),
            .num_tasks = json.at("num_tasks"),
            .configured = figures_of(json.at("configured")),
            .instance = figures_of(json.at("instance")),
            .wall_seconds = json.at("wall_seconds"),
            .threads = json.at("threads"),
            .backbone_path = backbone.at("path"),
            .backbone_sha256 = backbone.at("sha256"),
            .backbone_geometry = backbone.at("geometry")};
}

}  // namespace

RunResults read_run_results(const std::filesystem::path& results_file) {
    const std::string text = io::read_file(results_file);
    try {
        const auto json = nlohmann::json::parse(text);
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

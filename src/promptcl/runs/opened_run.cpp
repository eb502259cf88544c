#include "promptcl/runs/opened_run.h"

#include "promptcl/model/from_run.h"

#include <utility>

namespace promptcl::runs {

OpenedRun open_run(const std::filesystem::path& workdir, const config::Config& config) {
    auto [run, path] = model::newest_run_model(workdir);
    const auto backbone = std::make_shared<const predict::Backbone>(
        config.init_checkpoint, predict::arithmetic_of(run.config),
        static_cast<int>(config.num_threads));
    auto classifier = model::classifier_of_run(run, backbone->geometry(), workdir.string());
    return {.run = std::move(run),
            .backbone = backbone,
            .classifier = std::move(classifier),
            .path = std::move(path)};
}

}  // namespace promptcl::runs

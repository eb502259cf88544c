#include "promptcl/train/loaded_run.h"

#include "promptcl/core/error.h"
#include "promptcl/io/sha256.h"
#include "promptcl/train/queries.h"

#include <fmt/format.h>

namespace promptcl::train {
namespace {

Saved newest_of(const std::filesystem::path& workdir) {
    std::vector<std::string> passed_over;  // the next older one serves as well
    auto saved = RunFolder(workdir).newest(passed_over);
    if (!saved)
        throw Error(fmt::format("{} has no checkpoint yet", workdir.string()),
                    "let train go on first");
    return std::move(*saved);
}

}  // namespace

LoadedModel load_model(const std::filesystem::path& workdir, const config::Config& config) {
    Saved saved = newest_of(workdir);
    require_same("backbone", saved.model.identity.backbone_sha256,
                 io::sha256_of_file(config.init_checkpoint));
    LoadedModel result{
        .config = config,
        .backbone = open_backbone(
            config, backbone::read_checkpoint(config.init_checkpoint, config.model_name)),
        .method = {},
        .class_names = saved.model.class_names,
        .learnt_classes = saved.model.learnt_classes,
        .model_path = saved.model_path};
    result.method = method::make_method(config, result.backbone,
                                        static_cast<std::int64_t>(result.class_names.size()),
                                        Rng(static_cast<std::uint64_t>(config.seed)));
    restore(result.method->state(), saved.model.arrays, saved.model_path.string());
    return result;
}

LoadedRun load_run(const std::filesystem::path& workdir, const config::Config& config,
                   data::OpenObserver& observer) {
    const Saved saved = newest_of(workdir);
    LoadedRun result{.experiment = open_experiment(config, observer),
                     .method = {},
                     .tasks_learnt = saved.model.tasks_learnt,
                     .model_path = saved.model_path};
    require_same("backbone", saved.model.identity.backbone_sha256,
                 result.experiment.identity.backbone_sha256);
    require_same("data set", saved.model.identity.data_sha256,
                 result.experiment.identity.data_sha256);
    result.method = result.experiment.new_method();
    restore(result.method->state(), saved.model.arrays, saved.model_path.string());
    return result;
}

std::optional<std::vector<TestScore>> evaluate_run(
    const LoadedRun& run, const std::function<void(std::int64_t, std::int64_t)>& evaluating,
    const std::function<bool()>& keep_going, const Evaluator::Sink& sink) {
    if (run.tasks_learnt == 0) {
        throw Error(fmt::format("{} holds the model of a run that has not learnt anything yet",
                                run.model_path.string()),
                    "let train go on first");
    }
    const auto& tasks = run.experiment.stream.tasks;
    const std::int64_t tests = tasks[static_cast<std::size_t>(run.tasks_learnt) - 1].tests;
    Evaluator evaluator(run.experiment,
                        open_query_cache(run.experiment, *run.method, Split::kTest));
    std::vector<TestScore> scores;
    for (std::int64_t test = 0; test < tests; ++test) {
        evaluating(test + 1, tests);
        const auto score = evaluator.evaluate(*run.method, test, Mode::kBoth, keep_going, sink);
        if (!score) return std::nullopt;
        scores.push_back(*score);
    }
    return scores;
}

}  // namespace promptcl::train

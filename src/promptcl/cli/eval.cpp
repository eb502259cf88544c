#include "promptcl/cli/commands.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/opening.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/io/npz.h"
#include "promptcl/train/loaded_run.h"

#include <ATen/ATen.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

/// Collects every prediction for the .npz file (docs/formats.md).
class Predictions {
  public:
    void add(const train::BatchPrediction& batch) {
        const auto rows = static_cast<std::int64_t>(batch.image_ids.size());
        logits_.push_back(batch.logits);
        instance_logits_.push_back(batch.instance_logits);
        if (batch.prompt_idx.defined()) {
            prompt_idx_.push_back(batch.prompt_idx);
            instance_prompt_idx_.push_back(batch.instance_prompt_idx);
        }
        label_.push_back(batch.labels);
        task_.push_back(at::full({rows}, batch.test, at::kLong));
        image_id_.push_back(tensor::from_ints(batch.image_ids));
    }
    void write(const std::filesystem::path& path) const {
        io::ArrayMap arrays;
        for (const std::string prefix : {"", "instance/"}) {
            const bool instance = !prefix.empty();
            arrays[prefix + "logits"] =
                tensor::to_array(at::cat(instance ? instance_logits_ : logits_));
            arrays[prefix + "label"] = tensor::to_array(at::cat(label_));
            arrays[prefix + "task"] = tensor::to_array(at::cat(task_));
            arrays[prefix + "image_id"] = tensor::to_array(at::cat(image_id_));
            const auto& chosen = instance ? instance_prompt_idx_ : prompt_idx_;
            if (!chosen.empty()) arrays[prefix + "prompt_idx"] = tensor::to_array(at::cat(chosen));
        }
        io::write_npz(path, arrays);
    }

  private:
    std::vector<Tensor> logits_, instance_logits_, prompt_idx_, instance_prompt_idx_, label_, task_,
        image_id_;
};

double average(const std::vector<train::TestScore>& scores, bool instance) {
    double sum = 0;
    for (const auto& score : scores)
        sum += instance ? score.instance->accuracy : score.configured.accuracy;
    return sum / static_cast<double>(scores.size());
}

void print_json(const train::LoadedRun& run, const std::vector<train::TestScore>& scores) {
    nlohmann::ordered_json tasks = nlohmann::ordered_json::array();
    for (const auto& score : scores) {
        tasks.push_back({{"images", score.images},
                         {"accuracy", score.configured.accuracy},
                         {"eval_loss", score.configured.loss},
                         {"instance/accuracy", score.instance->accuracy},
                         {"instance/eval_loss", score.instance->loss}});
    }
    const nlohmann::ordered_json report{{"checkpoint", run.model_path.string()},
                                        {"method", run.experiment.config.method},
                                        {"avg_acc", average(scores, false)},
                                        {"instance/avg_acc", average(scores, true)},
                                        {"tasks", tasks}};
    fmt::print("{}\n", report.dump(2));
}

void print_table(const train::LoadedRun& run, const std::vector<train::TestScore>& scores) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        rows.push_back({std::to_string(i + 1), std::to_string(scores[i].images),
                        percent(scores[i].configured.accuracy),
                        fmt::format("{:.4f}", scores[i].configured.loss),
                        percent(scores[i].instance->accuracy),
                        fmt::format("{:.4f}", scores[i].instance->loss)});
    }
    fmt::print(
        "{}\n{}", run.model_path.string(),
        format_table({"test set", "images", "accuracy", "loss", "instance-wise", "loss"}, rows));
    fmt::print("average accuracy {}, instance-wise {}\n", percent(average(scores, false)),
               percent(average(scores, true)));
}

train::LoadedRun load_shown(const EvalOptions& options) {
    Opening opening;
    return train::load_run(options.workdir, options.config, opening);
}

}  // namespace

int run_eval(const EvalOptions& options) {
    watch_for_interrupts();
    tensor::set_threads(options.config.num_threads);
    const train::LoadedRun run = load_shown(options);
    ProgressLine line;
    Predictions predictions;
    const auto scores = train::evaluate_run(
        run,
        [&](std::int64_t test, std::int64_t tests) {
            line.show("evaluating test set", test, tests, "");
        },
        [] { return !interrupted(); },
        [&](const train::BatchPrediction& batch) {
            if (options.predictions) predictions.add(batch);
        });
    if (!scores) return interrupt_exit_code();
    line.clear();
    if (options.predictions) predictions.write(*options.predictions);
    options.json ? print_json(run, *scores) : print_table(run, *scores);
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli

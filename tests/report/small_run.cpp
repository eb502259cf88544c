#include "tests/report/small_run.h"

#include "promptcl/config/json.h"
#include "promptcl/config/load.h"
#include "promptcl/config/print.h"
#include "promptcl/io/event_writer.h"
#include "promptcl/io/npz.h"
#include "promptcl/io/safetensors.h"

#include <vector>

namespace promptcl::report {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Ints = std::vector<std::int32_t>;

config::Config small_config() {
    auto config = config::method_defaults("l2p");
    config.dataset = "image_folder";
    config.data_dir = "gone";
    config.init_checkpoint = "vit.npz";
    config.continual.num_tasks = 2;
    config.continual.num_classes_per_task = 2;
    config.prompt_pool_param.pool_size = 3;
    config.prompt_pool_param.top_k = 1;
    config.prompt_pool_param.batchwise_prompt = true;
    return config;
}

Json figures(double accuracy, double forgetting, const Json& matrix) {
    return {{"accuracy_matrix", matrix},
            {"final", {{"avg_acc", accuracy}, {"forgetting", forgetting}}}};
}

/// Logits of four classes: 2 for the predicted one, 0 for the others.
io::Array logits_of(const Ints& predicted) {
    std::vector<float> logits(predicted.size() * 4);
    for (std::size_t i = 0; i < predicted.size(); ++i)
        logits[i * 4 + static_cast<std::size_t>(predicted[i])] = 2;
    return io::Array::of(logits, {std::ssize(predicted), 4});
}

void add_predictions(io::ArrayMap& arrays, const std::string& prefix, const Ints& predicted,
                     const Ints& prompts) {
    arrays[prefix + "logits"] = logits_of(predicted);
    arrays[prefix + "label"] = io::Array::of(Ints{0, 0, 1, 1, 2, 2, 3, 3}, {8});
    arrays[prefix + "task"] = io::Array::of(Ints{0, 0, 0, 0, 1, 1, 1, 1}, {8});
    arrays[prefix + "image_id"] = io::Array::of(Ints{10, 11, 12, 13, 14, 15, 16, 17}, {8});
    arrays[prefix + "prompt_idx"] = io::Array::of(prompts, {8, 1});
}

}  // namespace

Json small_results() {
    return {{"format", "promptcl-results-1"},
            {"method", "l2p"},
            {"tasks_done", 2},
            {"num_tasks", 2},
            {"configured", figures(0.625, 0.25, {{0.5}, {0.25, 1.0}})},
            {"instance", figures(0.375, 0.5, {{0.5}, {0.0, 0.75}})},
            {"wall_seconds", 65.0},
            {"train_seconds", 60.0},
            {"input_wait_seconds", 6.0},
            {"eval_seconds", 5.0},
            {"train_images_per_second", 12.5},
            {"eval_images_per_second", 80.0},
            {"peak_memory_bytes", 250'000'000},
            {"threads", 2},
            {"versions", {{"promptcl", "0.1.0"}, {"tensor_library", "1.13.0"}}},
            {"backbone", {{"path", "vit.npz"}, {"sha256", "abc"}, {"geometry", "patch 16"}}},
            {"data", {{"sha256", "def"}, {"skipped", Json::array()}}},
            {"class_names", {"ant", "bee", "cat", kEvilName}},
            {"config", config::to_json(small_config())}};
}

fs::path write_small_run(const TemporaryFolder& folder, const std::string& name) {
    folder.write(name + "/config.toml", config::to_toml(small_config()));
    folder.write(name + "/results.json", small_results().dump());
    return folder / name;
}

void write_small_events(const fs::path& run) {
    io::EventWriter writer(run);
    const std::vector<double> losses = {4, 2, 3, 1};
    for (std::size_t i = 0; i < losses.size(); ++i) {
        const auto step = static_cast<std::int64_t>(10 * (i + 1));
        writer.scalar("loss", step, losses[i]);
        writer.scalar("train_accuracy", step, 0.25 * static_cast<double>(i + 1));
        writer.scalar("task_id", step, i < 2 ? 0 : 1);
    }
    writer.histogram("histogram_0", 20, std::vector<double>{2, 2, 2, 2});
    writer.histogram("histogram_0", 40, std::vector<double>{0, 0, 0, 2});
    writer.histogram("histogram_1", 40, std::vector<double>{1, 1, 1, 1});
}

void write_small_checkpoint(const fs::path& run) {
    const auto checkpoints = run / "checkpoints";
    fs::create_directories(checkpoints);
    const auto keys = [](std::vector<float> values) {
        return io::SafeTensors{.arrays = {{"prompt_pool/key", io::Array::of(values, {3, 2})}},
                               .metadata = {}};
    };
    io::write_safetensors(checkpoints / "step-00000020.safetensors", keys({1, 1, 1, 1, 1, 1}));
    io::write_safetensors(checkpoints / "step-00000020.state.safetensors", {});
    io::write_safetensors(checkpoints / "step-00000040.safetensors", keys({1, 0, 0, 2, 3, 3}));
    io::write_safetensors(checkpoints / "step-00000040.state.safetensors", {});
    // Not complete: its state is missing.
    io::write_safetensors(checkpoints / "step-00000050.safetensors", keys({1, 1, 1, 1, 1, 1}));
}

void write_small_predictions(const fs::path& run) {
    io::ArrayMap arrays;
    add_predictions(arrays, "", {0, 2, 0, 3, 2, 2, 3, 3}, {0, 0, 0, 0, 1, 1, 1, 1});
    add_predictions(arrays, "instance/", {2, 2, 3, 3, 2, 2, 3, 2}, {0, 0, 1, 1, 1, 1, 1, 1});
    io::write_npz(run / "predictions.npz", arrays);
}

fs::path write_whole_run(const TemporaryFolder& folder, const std::string& name) {
    const fs::path run = write_small_run(folder, name);
    write_small_events(run);
    write_small_checkpoint(run);
    write_small_predictions(run);
    return run;
}

}  // namespace promptcl::report

#include "tests/support/small_classifier.h"

#include "promptcl/core/rng.h"

#include "tests/support/tiny_config.h"
#include "tests/support/tiny_vit.h"

#include <functional>
#include <numeric>

namespace promptcl::support {
namespace {

io::Array drawn(const io::Shape& shape, Rng rng) {
    std::vector<float> values(static_cast<std::size_t>(
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>())));
    for (float& value : values)
        value = static_cast<float>(rng.normal());
    return io::Array::of(std::span<const float>(values), shape);
}

}  // namespace

config::Config small_l2p() {
    config::Config config = tiny_l2p();
    config.prompt_pool_param.pool_size = 4;
    return config;
}

config::Config small_dualprompt() {
    config::Config config = tiny_dualprompt();
    config.prompt_pool_param.pool_size = 4;
    config.prompt_pool_param.use_prompt_mask = true;
    config.prompt_pool_param.shared_prompt_pool = true;
    return config;
}

model::Classifier small_classifier(const config::Config& config,
                                   const std::vector<std::string>& classes, std::uint64_t seed) {
    const backbone::Geometry geometry = tiny_geometry();
    const std::int64_t count = std::ssize(classes), width = geometry.width, heads = geometry.heads,
                       e = geometry.head_width();
    const auto& pool = config.prompt_pool_param;
    model::Classifier result;
    result.backbone = {.geometry = geometry, .sha256 = "tiny", .file = "tiny_vit.npz"};
    result.state.config = config;
    result.state.tasks_learnt = 2;
    result.state.class_names = classes;
    const Rng rng(seed);
    const auto draw = [&](const std::string& name, const io::Shape& shape) {
        result.state.arrays[name] = drawn(shape, rng.fork(name));
    };
    draw("class/query", {count, width});
    draw("class/feature", {count, width});
    draw("class/images", {count});
    if (config.method == "ncm") {
        draw("ncm/sum", {count, width});
        draw("ncm/count", {count});
    } else {
        draw("head/kernel", {width, count});
        draw("head/bias", {count});
    }
    if (config.method != "ncm" && config.use_e_prompt) {
        const auto layers = static_cast<std::int64_t>(config.e_prompt_layer_idx.size());
        draw("prompt_pool/prompt", config.use_prefix_tune_for_e_prompt
                                       ? io::Shape{layers, 2, pool.pool_size, pool.length, heads, e}
                                       : io::Shape{layers, pool.pool_size, pool.length, width});
        if (pool.prompt_key) draw("prompt_pool/key", {pool.pool_size, width});
    }
    if (config.method != "ncm" && config.use_g_prompt) {
        draw("prefix", config.use_prefix_tune_for_g_prompt
                           ? io::Shape{geometry.blocks, 2, config.g_prompt_length, heads, e}
                           : io::Shape{geometry.blocks, config.g_prompt_length, width});
    }
    result.state.calibration = {
        .temperature = 1.5,
        .images = 20,
        .thresholds = {
            {.wanted = 0.05, .least = {.key = 0.1, .class_mean = 0.2}, .measured = 0.06}}};
    result.history = {{.when = "2026-01-02T03:04:05Z",
                       .action = "export",
                       .classes = classes,
                       .images = 60,
                       .results = {{"accuracy", 0.9}},
                       .undo = {},
                       .undo_arrays = {}}};
    return result;
}

}  // namespace promptcl::support

#include "tests/support/golden_writer.h"

#include "promptcl/config/json.h"
#include "promptcl/core/error.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/npz.h"

#include "tests/support/tiny_vit.h"

#include <nlohmann/json.hpp>
#include <span>

namespace promptcl::support {
namespace {

constexpr std::int64_t kImages = 4, kSteps = 3;

io::Array array_of(const Row& values, const io::Shape& shape) {
    const std::vector<float> narrow(values.begin(), values.end());
    return io::Array::of(std::span<const float>(narrow), shape);
}

io::Array array_of(const Ids& values, const io::Shape& shape) {
    const std::vector<std::int32_t> narrow(values.begin(), values.end());
    return io::Array::of(std::span<const std::int32_t>(narrow), shape);
}

/// Rows of equal length, one after the other.
template <class T>
io::Array matrix_of(const std::vector<std::vector<T>>& rows) {
    std::vector<T> flat;
    for (const auto& row : rows)
        flat.insert(flat.end(), row.begin(), row.end());
    return array_of(flat, {static_cast<std::int64_t>(rows.size()),
                           static_cast<std::int64_t>(rows.front().size())});
}

/// What a float32 file can hold of it: the reference starts from the same numbers as its reader.
void round_to_float(Parameters& parameters) {
    for (auto& [name, values] : parameters) {
        for (double& value : values.data)
            value = static_cast<float>(value);
    }
}

void put(io::ArrayMap& arrays, const std::string& prefix, const Parameters& parameters) {
    for (const auto& [name, values] : parameters)
        arrays[prefix + name] = array_of(values.data, values.shape);
}

/// [B] images [3, S, S] as [B, S, S, 3].
io::Array colours_last(const Rows& images, std::int64_t side) {
    Row flat;
    for (const Row& image : images) {
        for (std::int64_t pixel = 0; pixel < side * side; ++pixel) {
            for (std::int64_t colour = 0; colour < 3; ++colour)
                flat.push_back(image[static_cast<std::size_t>(colour * side * side + pixel)]);
        }
    }
    return array_of(flat, {static_cast<std::int64_t>(images.size()), side, side, 3});
}

NaiveBatch batch_of(const GoldenScript& script, const Rng& rng) {
    NaiveBatch batch{.classes = script.classes, .prompt_mask = script.prompt_mask};
    const auto count = static_cast<std::size_t>(3 * script.input_size * script.input_size);
    const auto pixels = random_images(kImages, script.input_size, rng.fork("image"));
    Rng labels = rng.fork("label");
    for (std::int64_t b = 0; b < kImages; ++b) {
        const auto first = pixels.begin() + b * static_cast<std::int64_t>(count);
        batch.images.emplace_back(first, first + static_cast<std::int64_t>(count));
        batch.labels.push_back(script.classes
                                   ? (*script.classes)[static_cast<std::size_t>(labels.below(
                                         static_cast<std::int64_t>(script.classes->size())))]
                                   : labels.below(script.num_classes));
    }
    return batch;
}

}  // namespace

io::ArrayMap golden_arrays(const GoldenScript& script, const backbone::Checkpoint& checkpoint) {
    const Rng rng = Rng(0).fork(script.name);
    Parameters initial = random_parameters(script.config, checkpoint.survey.geometry,
                                           script.num_classes, rng.fork("init"));
    round_to_float(initial);
    const NaiveBatch batch = batch_of(script, rng);
    io::ArrayMap arrays{{"image", colours_last(batch.images, script.input_size)},
                        {"label", array_of(batch.labels, {kImages})}};
    put(arrays, "init/", initial);
    NaiveReference reference(script.config,
                             NaiveVit(checkpoint, script.input_size, script.config.gelu == "erf"),
                             initial);
    if (script.config.num_devices == 1) {
        const NaivePass pass = reference.forward(batch);
        arrays["query"] = matrix_of(pass.query);
        arrays["pre_logits"] = matrix_of(pass.pre_logits);
        arrays["logits"] = matrix_of(pass.logits);
        if (script.config.use_e_prompt) {
            arrays["similarity"] = matrix_of(pass.similarity);
            arrays["prompt_idx"] = matrix_of(pass.prompt_idx);
            arrays["reduce_sim"] = array_of(Row{pass.reduce_sim}, {});
        }
    }
    for (std::int64_t n = 1; n <= kSteps; ++n) {
        const NaiveStep step = reference.differentiate(batch);
        if (n == 1) put(arrays, "grad/", step.gradients);
        reference.update(step, script.config.learning_rate);
        const std::string prefix = "step" + std::to_string(n) + "/";
        arrays[prefix + "loss"] = array_of(Row{step.loss}, {});
        arrays[prefix + "cross_entropy"] = array_of(Row{step.cross_entropy}, {});
        arrays[prefix + "grad_norm"] = array_of(Row{step.grad_norm}, {});
        put(arrays, prefix + "param/", reference.parameters());
    }
    return arrays;
}

std::string golden_json(const GoldenScript& script) {
    const auto all = config::to_json(script.config);
    nlohmann::ordered_json json;
    for (const std::string& key : script.keys) {
        const std::string table = "prompt_pool_param.";
        json[key] = all.contains(key) ? all.at(key) : all.at(table + key);
    }
    json["num_classes"] = script.num_classes;
    json["classes"] = nullptr;
    json["prompt_mask"] = nullptr;
    if (script.classes) json["classes"] = *script.classes;
    if (script.prompt_mask) json["prompt_mask"] = *script.prompt_mask;
    return json.dump(1) + "\n";
}

void write_golden_case(const std::filesystem::path& folder, const GoldenScript& script,
                       const backbone::Checkpoint& checkpoint) {
    io::write_file_atomically(folder / (script.name + ".json"), golden_json(script));
    io::write_npz(folder / (script.name + ".npz"), golden_arrays(script, checkpoint));
}

backbone::Checkpoint our_golden_backbone() {
    return random_checkpoint(
        {.name = "unlisted", .patch = 4, .width = 12, .mlp = 20, .heads = 3, .blocks = 3}, 3,
        Rng(0).fork("tests/golden"));
}

std::vector<GoldenScript> our_golden_scripts() {
    config::Config l2p;
    l2p.learning_rate = 0.005;
    l2p.prompt_pool_param.pool_size = 6;
    l2p.prompt_pool_param.length = 2;
    l2p.prompt_pool_param.top_k = 2;

    config::Config warm = l2p;  // what L2P can be besides its default
    warm.e_prompt_layer_idx = {0, 2};
    warm.vit_classifier = "gap";
    warm.norm_pre_logits = true;
    warm.temperature = 0.5;
    warm.optim = "adamw";
    warm.weight_decay = 0.1;
    warm.prompt_pool_param.prompt_key = false;
    warm.prompt_pool_param.embedding_key = "mean_max";
    warm.prompt_pool_param.batchwise_prompt = false;

    config::Config dual = l2p;
    dual.num_devices = 2;
    dual.gelu = "erf";
    dual.optim = "sgd";
    dual.weight_decay = 0.01;
    dual.vit_classifier = "token";
    dual.use_g_prompt = true;
    dual.g_prompt_length = 2;
    dual.g_prompt_layer_idx = {0, 1};
    dual.e_prompt_layer_idx = {1, 2};
    dual.use_prefix_tune_for_e_prompt = true;
    dual.prompt_pool_param.top_k = 1;

    config::Config tokens = dual;  // prompt tuning on both sides, ids forced
    tokens.num_devices = 1;
    tokens.gelu = "tanh";
    tokens.optim = "adam";
    tokens.weight_decay = 0;
    tokens.vit_classifier = "token+prompt";
    tokens.use_prefix_tune_for_g_prompt = false;
    tokens.use_prefix_tune_for_e_prompt = false;

    return {
        {.name = "l2p_vote",
         .config = l2p,
         .input_size = 12,
         .classes = Ids{2, 3},
         .keys = {"learning_rate", "optim", "top_k", "batchwise_prompt", "vit_classifier"}},
        {.name = "l2p_mean_key_adamw",
         .config = warm,
         .input_size = 12,
         .keys = {"learning_rate", "optim", "weight_decay", "top_k", "batchwise_prompt",
                  "embedding_key", "e_prompt_layer_idx", "vit_classifier", "norm_pre_logits",
                  "temperature"}},
        {.name = "dualprompt_two_devices_sgd",
         .config = dual,
         .input_size = 8,
         .classes = Ids{0, 4},
         .keys = {"learning_rate", "optim", "weight_decay", "num_devices", "gelu", "top_k",
                  "batchwise_prompt", "g_prompt_layer_idx", "e_prompt_layer_idx",
                  "vit_classifier"}},
        {.name = "g_and_e_tokens",
         .config = tokens,
         .input_size = 8,
         .prompt_mask = Ids{3},
         .keys = {"learning_rate", "optim", "top_k", "batchwise_prompt", "g_prompt_layer_idx",
                  "e_prompt_layer_idx", "vit_classifier"}},
    };
}

}  // namespace promptcl::support

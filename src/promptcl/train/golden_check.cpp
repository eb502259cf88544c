#include "promptcl/train/golden_check.h"

#include "promptcl/config/json.h"
#include "promptcl/config/nearest.h"
#include "promptcl/config/print.h"
#include "promptcl/core/error.h"
#include "promptcl/io/file.h"
#include "promptcl/io/npz.h"
#include "promptcl/method/prompt_learner.h"
#include "promptcl/train/experiment.h"
#include "promptcl/train/run_folder.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace promptcl::train {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr const char* kBackboneFile = "tiny_vit.npz";
constexpr const char* kInit = "init/";

/// The parsed case: what to run, and what should come out.
struct Script {
    config::Config config;
    std::int64_t num_classes = 0;
    method::TaskRules rules;
    io::ArrayMap arrays;
};

std::optional<std::vector<std::int64_t>> ids_or_null(const Json& json, const char* key) {
    if (!json.contains(key) || json.at(key).is_null()) return std::nullopt;
    return json.at(key).get<std::vector<std::int64_t>>();
}

std::string full_key(const std::string& key, const std::vector<config::KeyInfo>& keys,
                     const fs::path& file) {
    for (const char* table : {"", "prompt_pool_param.", "continual."}) {
        if (std::ranges::find(keys, table + key, &config::KeyInfo::key) != keys.end())
            return table + key;
    }
    std::vector<std::string_view> names;
    for (const auto& info : keys)
        names.push_back(info.key);
    throw UsageError(fmt::format("{}: unknown key \"{}\"", file.string(), key),
                     config::did_you_mean(key, names));
}

/// What the arrays of the initial state say about the configuration.
Json implied_by(const io::ArrayMap& arrays) {
    Json implied;
    const auto find = [&](const std::string& name) { return arrays.find(kInit + name); };
    const auto pool = find("prompt_pool/prompt"), prefix = find("prefix");
    implied["use_e_prompt"] = pool != arrays.end();
    if (pool != arrays.end()) {
        const io::Shape& shape = pool->second.shape;
        const bool prefix_tuning = shape.size() == 6;
        implied["use_prefix_tune_for_e_prompt"] = prefix_tuning;
        if (shape.size() >= 4) {
            implied["prompt_pool_param.pool_size"] = shape[prefix_tuning ? 2 : 1];
            implied["prompt_pool_param.length"] = shape[prefix_tuning ? 3 : 2];
        }
        implied["prompt_pool_param.prompt_key"] = find("prompt_pool/key") != arrays.end();
    }
    implied["use_g_prompt"] = prefix != arrays.end();
    if (prefix != arrays.end()) {
        const io::Shape& shape = prefix->second.shape;
        implied["use_prefix_tune_for_g_prompt"] = shape.size() == 5;
        if (shape.size() >= 3) implied["g_prompt_length"] = shape[shape.size() == 5 ? 2 : 1];
    }
    return implied;
}

void require_ids(const std::vector<std::int64_t>& ids, std::int64_t end, const std::string& what) {
    for (const std::int64_t id : ids) {
        if (id < 0 || id >= end) {
            throw UsageError(fmt::format("{}: {} is out of range", what, id),
                             fmt::format("ids lie between 0 and {}", end - 1));
        }
    }
}

/// The rules between the parts of a case, each broken one a sentence that names the key or array.
void check(const Script& script, const std::string& name) {
    const auto& config = script.config;
    config::require_valid(config);
    if (config.method == "ncm") {
        throw UsageError(fmt::format("{}.json: method \"ncm\" takes no training step", name),
                         "leave method out, or choose one that is trained by gradient");
    }
    if (script.rules.classes) {
        require_ids(*script.rules.classes, script.num_classes, name + ".json: classes");
    }
    if (const auto& mask = script.rules.prompt_mask) {
        const auto& pool = config.prompt_pool_param;
        require_ids(*mask, pool.pool_size, name + ".json: prompt_mask");
        if (std::ssize(*mask) != pool.top_k) {
            throw UsageError(fmt::format("{}.json: prompt_mask has {} ids, but top_k is {}", name,
                                         mask->size(), pool.top_k),
                             "give as many ids as an image gets prompts");
        }
    }
}

Script read_script(const fs::path& folder, const std::string& name) {
    const fs::path json_file = folder / (name + ".json");
    Script script{.arrays = io::read_npz(folder / (name + ".npz"))};
    try {
        const Json json = Json::parse(io::read_file(json_file));
        const auto keys = config::key_infos();
        Json values = implied_by(script.arrays);
        values["model_name"] = "auto";
        for (const auto& [key, value] : json.items()) {
            if (key == "classes" || key == "prompt_mask" || key == "num_classes") continue;
            values[full_key(key, keys, json_file)] = value;
        }
        values["init_checkpoint"] = (folder / kBackboneFile).string();
        values["data_dir"] = folder.string();
        script.config = config::from_json(values, "in " + json_file.string());
        script.num_classes = json.at("num_classes");
        script.rules = {.classes = ids_or_null(json, "classes"),
                        .prompt_mask = ids_or_null(json, "prompt_mask")};
    } catch (const Json::exception& error) {
        throw Error(fmt::format("{} is no golden case: {}", json_file.string(), error.what()),
                    "see the README.md beside it");
    }
    return script;
}

const io::Array& array_of(const Script& script, const std::string& array, const std::string& name) {
    const auto found = script.arrays.find(array);
    if (found == script.arrays.end()) {
        throw Error(fmt::format("{}.npz holds no array {}", name, array),
                    "see the README.md beside it");
    }
    return found->second;
}

method::TrainingBatch batch_of(const Script& script, const std::string& name) {
    const io::Array& image = array_of(script, "image", name);
    const auto& shape = image.shape;
    if (shape.size() != 4 || shape[1] != shape[2] || shape[3] != 3) {
        throw Error(fmt::format("{}.npz: array image has shape {}, not [B, S, S, 3]", name,
                                io::to_string(shape)),
                    "see the README.md beside it");
    }
    const auto labels = array_of(script, "label", name).as_int();
    require_ids(labels, script.num_classes, name + ".npz: label");
    if (std::ssize(labels) != shape[0] || shape[0] % script.config.num_devices != 0) {
        throw Error(
            fmt::format("{}.npz: {} images, {} labels and num_devices = {} do not go together",
                        name, shape[0], labels.size(), script.config.num_devices),
            "give one label an image and batches that divide among the devices");
    }
    return {.images = tensor::from_array(image).permute({0, 3, 1, 2}).contiguous(),
            .labels = tensor::from_ints(labels),
            .rules = script.rules};
}

/// Compares what the case has arrays for.
class Comparison {
  public:
    Comparison(const io::ArrayMap& expected, GoldenCase& result)
        : expected_(expected), result_(result) {}

    void operator()(const std::string& array, const Tensor& actual) {
        const auto found = expected_.find(array);
        if (found == expected_.end() || !actual.defined()) return;
        if (found->second.shape != actual.sizes().vec()) {
            throw Error(fmt::format("{}: array {} has shape {}, but the program computes {}",
                                    result_.name, array, io::to_string(found->second.shape),
                                    io::to_string(actual.sizes().vec())),
                        "see the README.md beside it");
        }
        const Tensor expected = tensor::from_array(found->second).to(at::kDouble);
        const auto magnitude = expected.numel() > 0 ? expected.abs().max().item<double>() : 0.0;
        const auto absolute =
            expected.numel() > 0
                ? (actual.detach().to(at::kDouble) - expected).abs().max().item<double>()
                : 0.0;
        result_.errors.push_back({.array = array,
                                  .absolute = absolute,
                                  .relative = magnitude > 0 ? absolute / magnitude : absolute});
    }
    void operator()(const std::string& array, double actual) {
        (*this)(array, at::scalar_tensor(actual, at::kDouble));
    }

  private:
    const io::ArrayMap& expected_;
    GoldenCase& result_;
};

void compare_first_pass(const method::PromptLearner& learner, const method::TrainingBatch& batch,
                        Comparison& compare) {
    const method::Pass pass = learner.forward(batch);
    compare("query", pass.query);
    compare("similarity", pass.similarity);
    compare("prompt_idx", pass.prompt_idx);
    compare("reduce_sim", pass.reduce_sim);
    compare("pre_logits", pass.pre_logits);
    compare("logits", pass.logits);
}

/// Every reference array must have been compared: a name the program does not know would pass
/// unseen.
void require_all_compared(const Script& script, const GoldenCase& result) {
    for (const auto& [array, _] : script.arrays) {
        const bool input = array == "image" || array == "label" || array.starts_with(kInit);
        if (!input &&
            std::ranges::find(result.errors, array, &ArrayError::array) == result.errors.end()) {
            throw Error(
                fmt::format("{}.npz holds array {}, which this configuration does not compute",
                            result.name, array),
                "see the README.md beside it");
        }
    }
}

}  // namespace

bool GoldenCase::passes() const {
    return std::ranges::all_of(errors, [](const ArrayError& error) { return error.passes(); });
}

std::vector<std::string> golden_cases(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(folder, missing)) {
        fs::path arrays = entry.path();
        if (arrays.extension() == ".json" && fs::exists(arrays.replace_extension(".npz"))) {
            names.push_back(entry.path().stem().string());
        }
    }
    if (names.empty()) {
        throw Error(
            fmt::format("{} holds no golden case (NAME.json with NAME.npz)", folder.string()),
            "give a folder laid out as tests/golden/README.md says");
    }
    std::ranges::sort(names);
    return names;
}

GoldenCase check_golden_case(const fs::path& folder, const std::string& name,
                             const std::string& engine) {
    Script script = read_script(folder, name);
    check(script, name);
    const method::TrainingBatch batch = batch_of(script, name);
    script.config.images.input_size = batch.images.size(2);
    script.config.engine = engine;
    const auto checkpoint =
        backbone::read_checkpoint(script.config.init_checkpoint, script.config.model_name);
    const auto backbone = open_backbone(script.config, checkpoint);
    method::PromptLearner learner(script.config, backbone, script.num_classes, Rng(0));
    const auto parameters = learner.parameters();
    io::ArrayMap initial;
    for (const auto& [array, values] : script.arrays) {
        if (array.starts_with(kInit)) initial[array.substr(std::string(kInit).size())] = values;
    }
    restore(parameters, initial, name + ".npz (init/)");

    GoldenCase result{.name = name, .engine = std::string(backbone->name()), .errors = {}};
    Comparison compare(script.arrays, result);
    learner.begin_step();
    if (script.config.num_devices == 1) compare_first_pass(learner, batch, compare);

    Optimizer optimizer(script.config, parameters);
    for (int step = 1; script.arrays.contains(fmt::format("step{}/loss", step)); ++step) {
        Gradients gradients = gradients_of(learner, split(batch, script.config.num_devices));
        const std::string prefix = fmt::format("step{}/", step);
        for (std::size_t i = 0; step == 1 && i < parameters.size(); ++i) {
            compare("grad/" + parameters[i].name, gradients.values[i]);
        }
        compare(prefix + "loss", gradients.stats.loss);
        compare(prefix + "cross_entropy", gradients.stats.cross_entropy);
        compare(prefix + "grad_norm", gradients.stats.grad_norm);
        clip(gradients, script.config.grad_clip_max_norm);
        optimizer.step(gradients.values, script.config.learning_rate);
        for (const auto& [parameter, value] : parameters)
            compare(prefix + "param/" + parameter, value);
    }
    require_all_compared(script, result);
    return result;
}

}  // namespace promptcl::train

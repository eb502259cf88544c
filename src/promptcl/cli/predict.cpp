#include "promptcl/cli/commands.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/error.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/transform.h"
#include "promptcl/train/loaded_run.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

struct Answer {
    fs::path image;
    std::vector<std::int64_t> classes;  // best first
    std::vector<double> probabilities;  // of those
    std::vector<std::int64_t> prompts;  // chosen ids, none for a method without a pool
};

/// The files as given, and all images below the folders, in order of their names.
std::vector<fs::path> image_files(const std::vector<fs::path>& given) {
    std::vector<fs::path> result;
    for (const fs::path& path : given) {
        if (!fs::is_directory(path)) {
            result.push_back(path);
            continue;
        }
        std::vector<fs::path> inside;
        for (const auto& entry : fs::recursive_directory_iterator(path)) {
            if (entry.is_regular_file() && data::is_picture(entry.path()))
                inside.push_back(entry.path());
        }
        if (inside.empty()) {
            throw Error(fmt::format("{} holds no JPEG or PNG file", path.string()),
                        "give images or a folder of images");
        }
        std::ranges::sort(inside);
        result.insert(result.end(), inside.begin(), inside.end());
    }
    return result;
}

/// Each image alone: what stands beside it never changes its answer.
Answer answer(const train::LoadedModel& model, const data::Transform& transform,
              const fs::path& path, std::int64_t top_k) {
    const data::Image image = data::read_image(path);
    std::vector<float> pixels(static_cast<std::size_t>(transform.output_size()));
    transform.evaluate(image.view(), pixels);
    const std::int64_t side = transform.input_size();
    const Tensor input = tensor::from_floats(pixels, {1, 3, side, side});
    const Tensor query = model.method->query(input);
    const Tensor prompt_idx = model.method->choose(query, method::Choice::kInstance);
    const Tensor learnt = tensor::from_ints(model.learnt_classes);
    const Tensor logits = model.method->logits(input, query, prompt_idx).index_select(1, learnt);
    const auto [probabilities, best] =
        at::softmax(logits, 1).topk(std::min(top_k, logits.size(1)), 1);
    return {.image = path,
            .classes = tensor::to_ints(learnt.index_select(0, best.flatten())),
            .probabilities = tensor::to_doubles(probabilities),
            .prompts =
                prompt_idx.defined() ? tensor::to_ints(prompt_idx) : std::vector<std::int64_t>{}};
}

nlohmann::ordered_json to_json(const Answer& answer, const std::vector<std::string>& names) {
    nlohmann::ordered_json classes = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < answer.classes.size(); ++i) {
        const std::int64_t id = answer.classes[i];
        classes.push_back({{"class", names.at(static_cast<std::size_t>(id))},
                           {"id", id},
                           {"probability", answer.probabilities[i]}});
    }
    return {{"image", answer.image.string()}, {"classes", classes}, {"prompts", answer.prompts}};
}

void print(const Answer& answer, const std::vector<std::string>& names) {
    fmt::print("{}", answer.image.string());
    if (!answer.prompts.empty()) fmt::print("  (prompts {})", fmt::join(answer.prompts, ", "));
    fmt::print("\n");
    std::vector<Row> rows;
    for (std::size_t i = 0; i < answer.classes.size(); ++i) {
        rows.push_back({fmt::format("{:6.2f} %", 100 * answer.probabilities[i]),
                        names.at(static_cast<std::size_t>(answer.classes[i]))});
    }
    fmt::print("{}", format_table({"  share", "class"}, rows));
}

}  // namespace

int run_predict(const PredictOptions& options) {
    watch_for_interrupts();
    tensor::set_threads(options.config.num_threads);
    const auto files = image_files(options.images);
    const train::LoadedModel model = train::load_model(options.workdir, options.config);
    if (model.learnt_classes.empty()) {
        throw Error(
            fmt::format("the run in {} has not learnt anything yet", options.workdir.string()),
            "let train go on first");
    }
    const data::Transform transform(static_cast<int>(model.config.resize_size),
                                    static_cast<int>(model.config.input_size));
    ProgressLine line;
    nlohmann::ordered_json report = nlohmann::ordered_json::array();
    std::size_t broken = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (interrupted()) return interrupt_exit_code();
        try {
            const Answer result = answer(model, transform, files[i], options.top_k);
            line.clear();
            options.json ? report.push_back(to_json(result, model.class_names))
                         : print(result, model.class_names);
        } catch (const Error& error) {
            line.clear();
            ++broken;
            fmt::print(stderr, "promptcl: {}\n", error.what());
        }
        line.show("predicting", static_cast<std::int64_t>(i + 1),
                  static_cast<std::int64_t>(files.size()), "");
    }
    line.clear();
    if (options.json) fmt::print("{}\n", report.dump(2));
    return static_cast<int>(broken == 0 ? ExitCode::kSuccess : ExitCode::kWorld);
}

}  // namespace promptcl::cli

// `promptcl predict` of a run whose ViT was trained too, or on another engine than the native one.
#include "promptcl/cli/answers.h"
#include "promptcl/cli/commands.h"
#include "promptcl/cli/image_paths.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/core/error.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/transform.h"
#include "promptcl/train/loaded_run.h"

#include <ATen/ATen.h>

#include <fmt/format.h>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

/// Each image alone: what stands beside it never changes its answer.
predict::ShownAnswer answer(const train::LoadedModel& model, const data::Transform& transform,
                            const fs::path& path, std::int64_t top_k) {
    const data::Image image = data::read_image(path, transform.jpeg_dct());
    std::vector<float> pixels(static_cast<std::size_t>(transform.output_size()));
    transform.evaluate(image.view(), pixels);
    const std::int64_t side = transform.input_size();
    const Tensor input = tensor::from_floats(pixels, {1, 3, side, side});
    const Tensor query = model.method->query(input);
    const Tensor prompt_idx = model.method->choose(query, method::Choice::kInstance);
    const Tensor learnt = tensor::from_ints(model.learnt_classes);
    const Tensor logits = model.method->logits(input, query, prompt_idx).index_select(1, learnt);
    std::vector<std::string> names;
    for (const std::int64_t id : model.learnt_classes)
        names.push_back(model.class_names.at(static_cast<std::size_t>(id)));
    return {
        .image = path.string(),
        .classes = predict::best_classes(tensor::to_doubles(at::softmax(logits, 1)), names, top_k),
        .prompts = prompt_idx.defined() ? tensor::to_ints(prompt_idx) : std::vector<std::int64_t>{},
        .likeness = std::nullopt};
}

}  // namespace

int run_predict_plain(const PredictOptions& options) {
    watch_for_interrupts();
    if (options.reject || options.listed || !options.watch.empty()) {
        throw UsageError(
            "a run whose ViT was trained too, or engine \"plain\", answers images and "
            "folders alone",
            "leave out --reject, --watch and -");
    }
    tensor::set_threads(options.config.num_threads);
    const auto files = picture_paths(options.images);
    const train::LoadedModel model = train::load_model(options.model, options.config);
    if (model.learnt_classes.empty()) {
        throw Error(
            fmt::format("the run in {} has not learnt anything yet", options.model.string()),
            "let train go on first");
    }
    const data::Transform transform(model.config.images);
    ProgressLine line;
    AnswerPrinter printer(options.form);
    std::size_t broken = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (interrupted()) return interrupt_exit_code();
        try {
            const predict::ShownAnswer result = answer(model, transform, files[i], options.top_k);
            line.clear();
            printer.print(result);
        } catch (const Error& error) {
            line.clear();
            ++broken;
            fmt::print(stderr, "promptcl: {}\n", error.what());
        }
        line.show("predicting", static_cast<std::int64_t>(i + 1),
                  static_cast<std::int64_t>(files.size()), "");
    }
    line.clear();
    return static_cast<int>(broken == 0 ? ExitCode::kSuccess : ExitCode::kWorld);
}

}  // namespace promptcl::cli

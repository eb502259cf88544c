#include "promptcl/predict/backbone.h"

#include "promptcl/backbone/weights.h"
#include "promptcl/core/cpus.h"
#include "promptcl/core/error.h"
#include "promptcl/core/memory.h"
#include "promptcl/io/sha256.h"

#include <fmt/format.h>

namespace promptcl::predict {

Arithmetic arithmetic_of(const config::Config& config) {
    return {.input_size = config.images.input_size,
            .gelu = config.gelu == "erf" ? engine::Gelu::kErf : engine::Gelu::kTanh};
}

Backbone::Backbone(const std::filesystem::path& file, const Arithmetic& arithmetic, int threads)
    : file_(file), sha256_(io::sha256_of_file(file)), arithmetic_(arithmetic) {
    const auto weights =
        backbone::arrange_weights(backbone::read_checkpoint(file, "auto"), arithmetic.input_size);
    engine_ = std::make_unique<engine::Engine>(
        engine::arrays_of(weights, arithmetic.gelu),
        engine::Engine::Options{.threads = threads > 0 ? threads : usable_cpus()});
    release_freed_memory();
}

void Backbone::use(const std::function<void(engine::Engine&)>& use) const {
    const std::lock_guard lock(mutex_);
    use(*engine_);
}

void require_belongs(const model::Classifier& classifier, const Backbone& backbone,
                     const std::string& classifier_name) {
    if (classifier.backbone.sha256 == backbone.sha256()) return;
    throw Error(fmt::format("{} belongs to the backbone {} (SHA-256 {}), but {} is another "
                            "(SHA-256 {})",
                            classifier_name, classifier.backbone.file, classifier.backbone.sha256,
                            backbone.file().string(), backbone.sha256()),
                "give that file with --backbone");
}

}  // namespace promptcl::predict

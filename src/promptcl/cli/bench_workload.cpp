#include "promptcl/cli/bench_workload.h"

#include "promptcl/cli/bench_machine.h"
#include "promptcl/cli/bench_options.h"
#include "promptcl/core/error.h"
#include "promptcl/train/experiment.h"
#include "promptcl/train/gradient_step.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <numeric>

namespace promptcl::cli {
namespace {

constexpr double kLearningRate = 1e-3;
constexpr std::uint64_t kSeed = 1;

Tensor random_images(std::int64_t count, std::int64_t side) {
    Rng rng = Rng(kSeed).fork("images");
    std::vector<float> pixels(static_cast<std::size_t>(count * 3 * side * side));
    for (float& pixel : pixels)
        pixel = static_cast<float>(rng.uniform());
    return tensor::from_floats(pixels, {count, 3, side, side});
}

std::int64_t classes_of(const config::Config& config) {
    return config.continual.num_tasks * config.continual.num_classes_per_task;
}

double largest(const Tensor& x) {
    return x.numel() == 0 ? 0 : x.abs().max().item<double>();
}

/// A head of zeros would hide every difference in what it is given.
void stir(const std::vector<NamedTensor>& parameters) {
    constexpr double kDeviation = 0.02;
    const at::NoGradGuard no_grad;
    for (const auto& [name, parameter] : parameters) {
        Rng rng = Rng(kSeed).fork(name);
        std::vector<float> noise(static_cast<std::size_t>(parameter.numel()));
        for (float& value : noise)
            value = static_cast<float>(kDeviation * rng.normal());
        parameter.add_(tensor::from_floats(noise, parameter.sizes().vec()));
    }
}

config::Config with_engine(config::Config config, const std::string& engine) {
    config.device = engine == kGpuEngine ? "cuda" : "cpu";
    config.engine = engine == kGpuEngine ? "auto" : engine;
    return config;
}

}  // namespace

Workload::Workload(const config::Config& config, const std::string& engine,
                   const backbone::Checkpoint& checkpoint)
    : config_(with_engine(config, engine)),
      engine_(engine),
      method_(method::make_method(config_, train::open_backbone(config_, checkpoint),
                                  classes_of(config), Rng(kSeed))),
      optimizer_(config, method_->parameters()) {
    stir(method_->parameters());
    batch_.images = random_images(config.per_device_batch_size, config.images.input_size);
    begin_task(0);
}

void Workload::begin_task(std::int64_t task) {
    method_->begin_task(task);
    const std::int64_t count = config_.continual.num_classes_per_task;
    std::vector<std::int64_t> classes(static_cast<std::size_t>(count));
    std::iota(classes.begin(), classes.end(), task * count);
    batch_.labels = at::arange(batch_.images.size(0), at::kLong).remainder(count) + task * count;
    batch_.rules = method::rules_of_task(config_, task, classes);
}

void Workload::run(Measure measure) {
    switch (measure) {
        case Measure::kQuery:
            method_->query(batch_.images);
            return;
        case Measure::kTraining:
            train();
            return;
        case Measure::kEvaluation:
            evaluate(batch_.images, method_->query(batch_.images));
            return;
        case Measure::kCachedEvaluation:
            evaluate_cached();
            return;
    }
}

void Workload::train() {
    auto gradients = train::gradients_of(*method_, {batch_});
    train::clip(gradients, config_.grad_clip_max_norm);
    optimizer_.step(gradients.values, kLearningRate);
}

void Workload::evaluate(const Tensor& images, const Tensor& query) {
    const Tensor chosen = method_->choose(query, method::Choice::kConfigured);
    method_->logits(images, query, chosen);
}

void Workload::evaluate_cached() {
    if (!query_.defined()) {
        query_ = method_->query(batch_.images);
        never_queried_ = batch_.images.clone();
    }
    evaluate(never_queried_, query_);
}

Workload::Outputs Workload::outputs() {
    const Tensor query = method_->query(batch_.images);
    Outputs result{.prompts = method_->choose(query, method::Choice::kConfigured),
                   .logits = {},
                   .gradients = method_->parameters()};
    result.logits = method_->logits(batch_.images, query, result.prompts).detach();
    const auto gradients = train::gradients_of(*method_, {batch_});
    for (std::size_t i = 0; i < result.gradients.size(); ++i)
        result.gradients[i].value = gradients.values[i];
    return result;
}

OutputDifference difference(const Workload::Outputs& reference, const Workload::Outputs& other) {
    OutputDifference result{.logits = largest(reference.logits - other.logits),
                            .gradients = 0,
                            .same_prompts = at::equal(reference.prompts, other.prompts)};
    for (std::size_t i = 0; i < reference.gradients.size(); ++i) {
        const Tensor& wanted = reference.gradients[i].value;
        const double apart = largest(wanted - other.gradients[i].value);
        if (apart > 0) result.gradients = std::max(result.gradients, apart / largest(wanted));
    }
    return result;
}

Speed measure_speed(Workload& workload, Measure measure, std::int64_t batch, double seconds) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    const double cpu_start = cpu_seconds();
    std::chrono::duration<double> elapsed{};
    double images = 0;
    do {
        workload.run(measure);
        images += static_cast<double>(batch);
        elapsed = Clock::now() - start;
    } while (elapsed.count() < seconds);
    return {.images_per_second = images / elapsed.count(),
            .cpu_seconds_per_image = (cpu_seconds() - cpu_start) / images};
}

}  // namespace promptcl::cli

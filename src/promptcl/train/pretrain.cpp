#include "promptcl/train/pretrain.h"

#include "promptcl/backbone/random_checkpoint.h"
#include "promptcl/data/registry.h"
#include "promptcl/input/batch_tensor.h"
#include "promptcl/io/half.h"
#include "promptcl/method/prompt_learner.h"
#include "promptcl/stream/batch_loader.h"
#include "promptcl/stream/sampler.h"
#include "promptcl/train/schedule.h"

#include <chrono>

namespace promptcl::train {
namespace {

config::Config configuration(const PretrainPlan& plan) {
    config::Config config;
    config.method = "ft_seq";
    config.use_e_prompt = false;
    config.vit_classifier = "token";
    config.freeze_part = {};
    config.dataset = "synthetic";
    config.synthetic.part = "pretrain";
    config.synthetic.train_per_class = plan.train_per_class;
    config.continual.num_tasks = 1;
    config.continual.num_classes_per_task = 20;
    config.images.input_size = config.images.resize_size = plan.input_size;
    config.per_device_batch_size = plan.batch_size;
    config.num_epochs = plan.epochs;
    config.optim = "adamw";
    config.learning_rate = plan.learning_rate;
    config.learning_rate_schedule = "cosine";
    config.warmup_epochs = std::min(1.0, static_cast<double>(plan.epochs) / 2);
    config.weight_decay = 0.05;
    config.seed = plan.seed;
    return config;
}

io::ArrayMap as_float16(const io::ArrayMap& arrays) {
    io::ArrayMap result;
    for (const auto& [name, array] : arrays) {
        io::Array half{.dtype = "float16", .shape = array.shape, .bytes = {}};
        for (const float value : array.as_float()) {
            const std::uint16_t bits = io::float_to_half(value);
            const auto bytes = std::as_bytes(std::span(&bits, 1));
            half.bytes.insert(half.bytes.end(), bytes.begin(), bytes.end());
        }
        result[name] = std::move(half);
    }
    return result;
}

}  // namespace

std::optional<PretrainResult> pretrain(const PretrainPlan& plan, Observer& observer,
                                       const std::function<bool()>& stop) {
    const config::Config config = configuration(plan);
    const Rng rng(static_cast<std::uint64_t>(plan.seed));
    Experiment experiment{.config = config, .data = data::open_dataset(config)};
    experiment.stream = stream::make_task_stream(experiment.data, config);
    experiment.backbone = std::make_shared<vit::Vit>(
        backbone::random_checkpoint(plan.geometry, plan.input_size / plan.geometry.patch,
                                    rng.fork("init")),
        plan.input_size, vit::Gelu::kTanh);
    const data::DataSource& source = experiment.data;
    const stream::TaskStream& stream = experiment.stream;
    method::PromptLearner learner(config, experiment.backbone, stream.num_classes,
                                  rng.fork("learner"));
    Optimizer optimizer(config, learner.parameters());

    const auto side = static_cast<int>(plan.input_size);
    const data::Transform transform({.input_size = side, .resize_size = side});
    const auto& train_ids = stream.tasks.front().train;
    const auto steps = stream::training_steps(static_cast<std::int64_t>(train_ids.size()),
                                              plan.epochs, plan.batch_size);
    const stream::EpochSampler sampler(train_ids, plan.batch_size, rng.fork("order"));
    stream::BatchLoader loader(
        0, steps.total, static_cast<int>(config.num_workers), [&](std::int64_t step) {
            return stream::training_batch(*source.train, transform, sampler.batch(step),
                                          rng.fork("augment", step));
        });
    const auto start = std::chrono::steady_clock::now();
    for (std::int64_t step = 1; step <= steps.total; ++step) {
        if (stop()) return std::nullopt;
        stream::Batch batch = loader.next();
        const method::TrainingBatch whole{.images = input::take_images(batch, plan.input_size),
                                          .labels = input::labels_of(batch)};
        Gradients gradients = gradients_of(learner, {whole});
        clip(gradients, config.grad_clip_max_norm);
        optimizer.step(gradients.values, learning_rate_at(config, step, steps.per_epoch));
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() /
            static_cast<double>(step);
        observer.step_done({.task = 0,
                            .num_tasks = 1,
                            .step = step,
                            .steps = steps.total,
                            .loss = gradients.stats.loss,
                            .images_per_second = static_cast<double>(batch.size()) / seconds,
                            .seconds_left = static_cast<double>(steps.total - step) * seconds});
    }
    Evaluator evaluator(experiment, data::FeatureCache({.images = source.test->size(),
                                                        .width = learner.query_kind().width}));
    const auto score = evaluator.evaluate(learner, 0, Mode::kConfigured, [&] { return !stop(); });
    if (!score) return std::nullopt;
    return PretrainResult{
        .test_accuracy = score->configured.accuracy,
        .arrays = as_float16(vit::to_arrays(learner.vit().weights(), plan.geometry))};
}

}  // namespace promptcl::train

#include "promptcl/config/choices.h"
#include "promptcl/config/fields.h"
#include "promptcl/config/methods.h"
#include "promptcl/config/print.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <type_traits>
#include <utility>

namespace promptcl::config {
namespace {

/// Collects sentences; each rule says what must hold.
class Report {
  public:
    template <class... Values>
    void unless(bool holds, fmt::format_string<Values...> sentence, Values&&... values) {
        if (!holds) problems_.push_back(fmt::format(sentence, std::forward<Values>(values)...));
    }
    void at_least(std::string_view key, std::int64_t value, std::int64_t lowest) {
        unless(value >= lowest, "{} is {}; give {} or more", key, value, lowest);
    }
    void probability(std::string_view key, double value) {
        unless(value >= 0 && value <= 1, "{} is {}; give 0 to 1", key, value);
    }
    void not_negative(std::string_view key, double value) {
        unless(value >= 0, "{} is {}; give 0 or more", key, value);
    }
    std::vector<std::string> take() { return std::move(problems_); }

  private:
    std::vector<std::string> problems_;
};

/// Words outside the choices, and numbers that are none.
void judge_values(const Config& config, Report& report) {
    Config::visit(config, [&](std::string_view key, const auto& member, std::string_view) {
        using Member = std::decay_t<decltype(member)>;
        if constexpr (std::is_same_v<Member, std::string>) {
            const auto problem = choice_problem(key, member);
            report.unless(!problem, "{}", problem.value_or(""));
        }
        if constexpr (std::is_same_v<Member, double>) {
            report.unless(std::isfinite(member), "{} is {}; give a finite number", key, member);
        }
    });
}

/// Keys of the original that this version reads and does not follow yet.
constexpr std::array<std::string_view, 8> kNotYet = {
    "dataset_list",
    "split_core50",
    "imr_eval",
    "continual.weights_transfer",
    "continual.kernel_only",
    "same_key_value_for_shared",
    "optim_wd_ignore",
    "tensorboard_steps",
};

void judge_not_yet(const Config& config, Report& report) {
    for (const auto& found : differences(Config(), config)) {
        report.unless(std::ranges::find(kNotYet, found.key) == kNotYet.end(),
                      "{} = {} is not supported in this version; keep {}", found.key, found.right,
                      found.left);
    }
}

void judge_model(const Config& config, Report& report) {
    report.unless(!config.init_checkpoint.empty(),
                  "init_checkpoint is empty; give the file of a pre-trained ViT, for instance "
                  "init_checkpoint=ViT-B_16.npz");
    report.unless(config.device == "cuda" || config.precision == "fp32",
                  "precision \"{}\" is for GPUs; set device = \"cuda\" or precision = \"fp32\"",
                  config.precision);
    report.unless(config.device != "cuda" || config.engine == "auto",
                  "engine \"{}\" computes on CPUs; set engine = \"auto\" or device = \"cpu\"",
                  config.engine);
}

void judge_normalization(const Images& images, Report& report) {
    report.unless(images.norm_mean.size() == images.norm_std.size(),
                  "norm_mean has {} numbers and norm_std {}; give three of each, or none",
                  images.norm_mean.size(), images.norm_std.size());
    report.unless(images.norm_mean.empty() || images.norm_mean.size() == 3,
                  "norm_mean has {} numbers; give one for each channel: three",
                  images.norm_mean.size());
    for (const double deviation : images.norm_std)
        report.unless(deviation > 0, "norm_std holds {}; give more than 0", deviation);
    report.unless(
        images.norm_mean.empty() || images.normalizes(),
        "norm_mean is given but nothing is normalised; set norm_01 = false or norm_mean = []");
}

void judge_augmentation(const Images& images, Report& report) {
    const Augment& augment = images.augment;
    report.at_least("augment.randaugment_num_layers", augment.randaugment_num_layers, 0);
    report.at_least("augment.randaugment_num_levels", augment.randaugment_num_levels, 0);
    report.probability("augment.randaugment_prob_to_apply", augment.randaugment_prob_to_apply);
    report.not_negative("augment.randaugment_magstd", augment.randaugment_magstd);
    const double magnitude = augment.randaugment_magnitude,
                 levels = static_cast<double>(augment.randaugment_num_levels);
    if (augment.randaugment_magstd > 0) {
        report.unless(
            magnitude > 0 && magnitude <= levels,
            "augment.randaugment_magnitude is {}; with randaugment_magstd give more than 0 and at "
            "most randaugment_num_levels, which is {}",
            magnitude, augment.randaugment_num_levels);
    } else {
        report.unless(magnitude == -1 || (magnitude >= 0 && magnitude <= 1),
                      "augment.randaugment_magnitude is {}; give 0 to 1, or -1 to draw it",
                      magnitude);
    }
    constexpr double kLargestStrength = 1.25;  // data/augment/color_jitter.h
    const auto jitter = [&](std::string_view key, double strength) {
        report.unless(strength >= 0 && strength <= kLargestStrength, "{} is {}; give 0 to {}", key,
                      strength, kLargestStrength);
    };
    jitter("augment.colorjitter_strength", augment.colorjitter_strength);
    jitter("colorjitter.colorjitter_strength", images.colorjitter.colorjitter_strength);
    report.probability("randerasing.erase_prob", images.randerasing.erase_prob);
    report.not_negative("mix.mixup_alpha", images.mix.mixup_alpha);
    report.not_negative("mix.cutmix_alpha", images.mix.cutmix_alpha);
    report.probability("mix.smoothing", images.mix.smoothing);
    report.probability("mix.prob_to_apply", images.mix.prob_to_apply);
    report.unless(images.mix.on() || images.mix.smoothing == 0,
                  "mix.smoothing smooths the labels of mixed batches, and none is mixed; set "
                  "mix.mixup_alpha or mix.cutmix_alpha");
}

void judge_images(const Images& images, Report& report) {
    constexpr double kSmallestAspect = 0.75;  // data/crop.h
    report.unless(images.crop_max_aspect >= kSmallestAspect,
                  "crop_max_aspect is {}; give {} or more", images.crop_max_aspect,
                  kSmallestAspect);
    judge_normalization(images, report);
    judge_augmentation(images, report);
}

void judge_evaluation(const Config& config, Report& report) {
    const Evaluation& evaluation = config.evaluation;
    report.at_least("eval_per_epochs", evaluation.eval_per_epochs, 0);
    const auto all_or_some = [&](std::string_view key, std::int64_t value) {
        report.unless(value == -1 || value >= 1, "{} is {}; give 1 or more, or -1", key, value);
    };
    all_or_some("eval_every_steps", evaluation.eval_every_steps);
    all_or_some("num_eval_steps", evaluation.num_eval_steps);
    report.unless(evaluation.eval_every_steps == -1 || evaluation.eval_per_epochs == 0,
                  "eval_every_steps acts only where eval_per_epochs is 0; set one of them");
    report.unless(
        !evaluation.eval_pad_last_batch || !evaluation.eval_drop_remainder,
        "eval_pad_last_batch fills up the batch that eval_drop_remainder leaves out; set one "
        "of them to false");
}

void judge_data(const Config& config, Report& report) {
    constexpr std::int64_t kLargestSmallInput = 64;  // data/transform.h: these are not resized
    constexpr std::int64_t kLargestSide = 10'000;    // far beyond any ViT
    report.unless(!config.data_dir.empty() || config.dataset == "synthetic",
                  "data_dir is empty; give the folder of the data set {}, for instance "
                  "data_dir=cifar-100-binary",
                  config.dataset);
    report.at_least("input_size", config.images.input_size, 1);
    report.at_least("resize_size", config.images.resize_size, 1);
    report.unless(
        config.images.input_size <= kLargestSide && config.images.resize_size <= kLargestSide,
        "input_size is {} and resize_size is {}; give at most {} pixels", config.images.input_size,
        config.images.resize_size, kLargestSide);
    report.unless(config.images.input_size <= config.images.resize_size ||
                      config.images.input_size <= kLargestSmallInput,
                  "input_size is {} but resize_size is {}; crop at most what is resized to",
                  config.images.input_size, config.images.resize_size);
    judge_images(config.images, report);
    report.unless(
        config.subsample_rate == -1 || (config.subsample_rate >= 1 && config.subsample_rate <= 100),
        "subsample_rate is {}; give 1 to 100 percent, or -1 to keep all", config.subsample_rate);
    report.at_least("synthetic.train_per_class", config.synthetic.train_per_class, 1);
    report.at_least("synthetic.test_per_class", config.synthetic.test_per_class, 1);
    report.at_least("synthetic.seed", config.synthetic.seed, 0);
}

void judge_mixing(const Config& config, Report& report) {
    if (!config.images.mix.on()) return;
    constexpr std::string_view kOff = "mix.mixup_alpha and mix.cutmix_alpha to 0";
    const Continual& continual = config.continual;
    report.unless(!continual.train_mask,
                  "mixed labels are those of masked classes too, whose loss is infinite; set "
                  "continual.train_mask = false, or {}",
                  kOff);
    report.unless(continual.replay.num_samples_per_class <= 0,
                  "mixed labels of new images and the plain ones of replayed images make no "
                  "common batch; set continual.replay.num_samples_per_class = 0, or {}",
                  kOff);
    report.unless(config.query_augmentation,
                  "mixed images have no un-augmented image whose query query_augmentation = false "
                  "could ask for; set query_augmentation = true, or {}",
                  kOff);
    report.unless(config.method != "ncm",
                  "method ncm learns from un-augmented images, none of which is mixed; set {}",
                  kOff);
}

void judge_continual(const Config& config, Report& report) {
    const Continual& continual = config.continual;
    report.at_least("continual.num_tasks", continual.num_tasks, 1);
    report.at_least("continual.num_classes_per_task", continual.num_classes_per_task, 1);
    report.at_least("continual.rand_seed", continual.rand_seed, -1);
    report.at_least("continual.eval_every_tasks", continual.eval_every_tasks, 1);
    report.at_least("continual.num_review_epochs", continual.num_review_epochs, 1);
    const std::int64_t steps = continual.num_train_steps_per_task;
    report.unless(steps == -1 || steps >= 1,
                  "continual.num_train_steps_per_task is {}; give 1 or more steps, or -1 for all "
                  "images of an episode",
                  steps);
    report.unless(continual.counted_percent >= 1 && continual.counted_percent <= 100,
                  "continual.counted_percent is {}; give 1 to 100", continual.counted_percent);
    const std::int64_t review = continual.num_review_steps;
    report.unless(
        review == -1 || review >= continual.num_review_epochs,
        "continual.num_review_steps is {} but continual.num_review_epochs is {}; give at least "
        "a step an epoch, or -1",
        review, continual.num_review_epochs);
    const std::int64_t kept = continual.replay.num_samples_per_class;
    report.at_least("continual.replay.num_samples_per_class", kept, 0);
    report.unless(kept > 0 || !continual.review_trick,
                  "continual.review_trick trains on the replay buffer, which is off; set "
                  "continual.replay.num_samples_per_class to 1 or more");
    report.unless(
        !config.no_train || continual.review_trick,
        "no_train leaves nothing to train but a review; set continual.review_trick = true");
    report.unless(
        !config.review_last_only || continual.review_trick,
        "review_last_only restricts continual.review_trick, which is off; set it to true");
    report.unless(
        kept <= 0 || continual.review_trick || !continual.train_mask || continual.replay_no_mask,
        "continual.train_mask would hide the classes of replayed images; set "
        "continual.replay_no_mask = true or continual.train_mask = false");
    report.unless(!continual.replay_reverse_mask || continual.replay_no_mask,
                  "continual.replay_reverse_mask masks what continual.replay_no_mask spares; set "
                  "continual.replay_no_mask = true");
    report.unless(!continual.replay_reverse_mask || !continual.replay.include_new_task,
                  "continual.replay_reverse_mask would hide the classes of the new task's replayed "
                  "images; set continual.replay.include_new_task = false");
    report.not_negative("ewc.lambda", config.ewc.lambda);
    report.at_least("ewc.fisher_images", config.ewc.fisher_images, 0);
    report.not_negative("lwf.lambda", config.lwf.lambda);
    report.unless(config.lwf.temperature > 0, "lwf.temperature is {}; give more than 0",
                  config.lwf.temperature);
}

void judge_training(const Config& config, Report& report) {
    report.at_least("per_device_batch_size", config.per_device_batch_size, 1);
    report.at_least("num_devices", config.num_devices, 1);
    report.at_least("num_epochs", config.num_epochs, 1);
    report.unless(config.sgd_momentum >= 0 && config.sgd_momentum < 1,
                  "sgd_momentum is {}; give 0 or more and less than 1", config.sgd_momentum);
    report.not_negative("learning_rate", config.learning_rate);
    report.not_negative("min_learning_rate", config.min_learning_rate);
    report.not_negative("weight_decay", config.weight_decay);
    report.not_negative("grad_clip_max_norm", config.grad_clip_max_norm);
    report.unless(
        config.warmup_epochs >= 0 && config.warmup_epochs < static_cast<double>(config.num_epochs),
        "warmup_epochs is {} but num_epochs is {}; warm up for 0 or more, and less than all",
        config.warmup_epochs, config.num_epochs);
    report.unless(config.temperature > 0, "temperature is {}; give more than 0",
                  config.temperature);
    report.at_least("seed", config.seed, 0);
    report.at_least("num_threads", config.num_threads, 0);
    report.at_least("num_workers", config.num_workers, 1);
    report.at_least("log_loss_every_steps", config.log_loss_every_steps, 1);
    report.at_least("checkpoint_every_steps", config.checkpoint_every_steps, 1);
}

void judge_layers(std::string_view key, const std::vector<std::int64_t>& layers,
                  std::string_view switch_key, Report& report) {
    report.unless(!layers.empty(), "{} names no block; give at least one or set {} = false", key,
                  switch_key);
    for (const auto layer : layers) {
        report.unless(layer >= 0, "{} holds {}; blocks count from 0", key, layer);
    }
    const std::set<std::int64_t> distinct(layers.begin(), layers.end());
    report.unless(distinct.size() == layers.size(), "{} names a block twice; name each once", key);
}

void judge_pool(const Config& config, Report& report) {
    const PromptPool& pool = config.prompt_pool_param;
    report.at_least("prompt_pool_param.pool_size", pool.pool_size, 1);
    report.at_least("prompt_pool_param.length", pool.length, 1);
    report.at_least("prompt_pool_param.top_k", pool.top_k, 1);
    report.unless(pool.init_range > 0, "prompt_pool_param.init_range is {}; give more than 0",
                  pool.init_range);
    report.unless(pool.top_k <= pool.pool_size,
                  "prompt_pool_param.top_k is {} but prompt_pool_param.pool_size is {}; choose at "
                  "most as many prompts as the pool has",
                  pool.top_k, pool.pool_size);
    report.not_negative("pull_constraint_coeff", config.pull_constraint_coeff);
    const auto needs_pool = [&](bool value, std::string_view name) {
        report.unless(!value || config.use_e_prompt,
                      "prompt_pool_param.{} needs the prompt pool; set it to false or "
                      "use_e_prompt = true",
                      name);
    };
    needs_pool(pool.use_prompt_mask, "use_prompt_mask");
    needs_pool(pool.shared_prompt_pool, "shared_prompt_pool");
    needs_pool(pool.shared_prompt_key, "shared_prompt_key");
    const auto tells_the_task = [&](bool value, std::string_view name) {
        report.unless(!value || !config.gaussian_schedule,
                      "prompt_pool_param.{} tells the learner which task it is in, which "
                      "gaussian_schedule hides; set one of them to false",
                      name);
    };
    tells_the_task(pool.use_prompt_mask, "use_prompt_mask");
    tells_the_task(pool.shared_prompt_pool, "shared_prompt_pool");
    tells_the_task(pool.shared_prompt_key, "shared_prompt_key");
}

void judge_prompts(const Config& config, Report& report) {
    report.at_least("g_prompt_length", config.g_prompt_length, 1);
    if (config.use_g_prompt) {
        judge_layers("g_prompt_layer_idx", config.g_prompt_layer_idx, "use_g_prompt", report);
    }
    if (config.use_e_prompt) {
        judge_layers("e_prompt_layer_idx", config.e_prompt_layer_idx, "use_e_prompt", report);
    }
    const bool prompt_tokens = (config.use_e_prompt && !config.use_prefix_tune_for_e_prompt) ||
                               (config.use_g_prompt && !config.use_prefix_tune_for_g_prompt);
    const bool reads_prompts =
        config.vit_classifier == "prompt" || config.vit_classifier == "token+prompt";
    report.unless(prompt_tokens || !reads_prompts,
                  "vit_classifier \"{}\" reads prompt tokens but no prompt is prepended; use "
                  "vit_classifier = \"token\" or prompt tuning "
                  "(use_prefix_tune_for_e_prompt = false)",
                  config.vit_classifier);
    const MethodInfo* method = find_method(config.method);
    report.unless(
        method == nullptr || method->has_prompts || (!config.use_e_prompt && !config.use_g_prompt),
        "method {} has no prompts; set use_e_prompt = false and use_g_prompt = false",
        config.method);
}

}  // namespace

std::vector<std::string> Config::problems() const {
    Report report;
    judge_values(*this, report);
    judge_not_yet(*this, report);
    judge_model(*this, report);
    judge_data(*this, report);
    judge_mixing(*this, report);
    judge_continual(*this, report);
    judge_training(*this, report);
    judge_evaluation(*this, report);
    judge_pool(*this, report);
    judge_prompts(*this, report);
    return report.take();
}

}  // namespace promptcl::config

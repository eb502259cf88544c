#include "promptcl/report/published.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace promptcl::report {
namespace {

constexpr std::string_view kSplitCifar100 = "Split CIFAR-100";
constexpr std::string_view kFiveDatasets = "5-datasets";
constexpr std::string_view kCore50 = "CORe50";
constexpr std::string_view kGaussianCifar100 = "Gaussian CIFAR-100";
constexpr std::string_view kSplitImagenetR = "Split ImageNet-R";

constexpr std::string_view kL2p = "Wang et al., Learning to Prompt, CVPR 2022";
constexpr std::string_view kDualPrompt = "Wang et al., DualPrompt, ECCV 2022";
constexpr std::string_view kRerun = "official code run again, l2p-pytorch:README.md";
constexpr std::string_view kNearestMean = "Janson et al., A Simple Baseline, 2022";

constexpr std::array kPublished = {
    Published{kSplitCifar100, "l2p", 0.8383, 0.0763, kL2p},
    Published{kSplitCifar100, "l2p", 0.8259, 0.0788, kRerun},
    Published{kSplitCifar100, "dualprompt", 0.8651, 0.0516, kDualPrompt},
    Published{kSplitCifar100, "ncm", 0.8370, std::nullopt, kNearestMean},
    Published{kSplitCifar100, "ft_seq_frozen, unmasked", 0.1772, 0.5909, kL2p},
    Published{kSplitCifar100, "ft_seq, unmasked", 0.3361, 0.8687, kL2p},
    Published{kSplitCifar100, "joint", 0.9085, std::nullopt, kL2p},
    Published{kSplitCifar100, "ewc, unmasked", 0.4701, 0.3327, kL2p},
    Published{kSplitCifar100, "lwf, unmasked", 0.6069, 0.2777, kL2p},
    Published{kSplitCifar100, "er, unmasked, 10 images a class", 0.6787, 0.3333, kL2p},
    Published{kSplitCifar100, "er, unmasked, 50 images a class", 0.8253, 0.1646, kL2p},
    Published{kFiveDatasets, "l2p", 0.8114, 0.0464, kL2p},
    Published{kCore50, "l2p", 0.7833, std::nullopt, kL2p},
    Published{kGaussianCifar100, "l2p", 0.8834, std::nullopt, kL2p},
    Published{kSplitImagenetR, "l2p", 0.6157, 0.0973, kDualPrompt},
    Published{kSplitImagenetR, "dualprompt", 0.6813, 0.0468, kDualPrompt},
};

struct Benchmark {
    std::string_view name, dataset;
    bool gaussian = false;
    std::int64_t num_tasks = 0, num_classes_per_task = 0;
};

constexpr std::array kBenchmarks = {
    Benchmark{kSplitCifar100, "cifar100", false, 10, 10},
    Benchmark{kGaussianCifar100, "cifar100", true, 200, 100},
    Benchmark{kFiveDatasets, "five_datasets", false, 5, 10},
    Benchmark{kCore50, "core50", false, 8, 50},
    Benchmark{kSplitImagenetR, "imagenet_r", false, 10, 20},
};

/// Whether the images are all there and the classes come in their natural order.
bool is_whole(const config::Config& config) {
    return config.subsample_rate < 0 && config.continual.rand_seed < 0 && !config.reverse_task;
}

bool is_of(const Benchmark& benchmark, const config::Config& config) {
    // An episode of the Gaussian schedule has no number of classes of its own.
    const bool same_classes = benchmark.gaussian || config.continual.num_classes_per_task ==
                                                        benchmark.num_classes_per_task;
    return config.dataset == benchmark.dataset && config.gaussian_schedule == benchmark.gaussian &&
           config.continual.num_tasks == benchmark.num_tasks && same_classes && is_whole(config);
}

/// Methods that see the tasks one after the other and have no prompts: the train mask makes two
/// methods of each.
bool is_sequential_baseline(std::string_view method) {
    constexpr std::array<std::string_view, 5> kNames = {"ft_seq", "ft_seq_frozen", "ewc", "lwf",
                                                        "er"};
    return std::ranges::find(kNames, method) != kNames.end();
}

}  // namespace

std::span<const Published> published() {
    return kPublished;
}

std::vector<Published> published_for(const config::Config& config) {
    const std::string benchmark = benchmark_of(config), method = method_of(config);
    std::vector<Published> found;
    std::ranges::copy_if(kPublished, std::back_inserter(found), [&](const Published& entry) {
        return entry.benchmark == benchmark && entry.method == method;
    });
    return found;
}

std::string benchmark_of(const config::Config& config) {
    const auto known = std::ranges::find_if(
        kBenchmarks, [&](const Benchmark& benchmark) { return is_of(benchmark, config); });
    if (known != kBenchmarks.end()) return std::string(known->name);
    std::string text = config.dataset;
    if (config.gaussian_schedule) {
        text += fmt::format(", Gaussian schedule of {} episodes", config.continual.num_tasks);
    } else {
        text += fmt::format(", {} tasks of {} classes", config.continual.num_tasks,
                            config.continual.num_classes_per_task);
    }
    if (config.subsample_rate >= 0)
        text += fmt::format(", {} % of the images", config.subsample_rate);
    if (config.continual.rand_seed >= 0)
        text += fmt::format(", classes permuted with {}", config.continual.rand_seed);
    if (config.reverse_task) text += ", tasks reversed";
    return text;
}

std::string method_of(const config::Config& config) {
    std::string text = config.method;
    if (is_sequential_baseline(config.method)) {
        text += config.continual.train_mask ? ", masked" : ", unmasked";
    }
    if (const auto kept = config.continual.replay.num_samples_per_class; kept > 0) {
        text += fmt::format(", {} image{} a class", kept, kept == 1 ? "" : "s");
    }
    return text;
}

}  // namespace promptcl::report

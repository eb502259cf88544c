// The figures that papers and code bases have published, and which of them a run may be held
// against.
#pragma once

#include "promptcl/config/config.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::report {

/// All are of ViT-B/16 pre-trained on ImageNet-21k; prompts are chosen batch-wise.
inline constexpr std::string_view kPublishedBackbone = "ViT-B/16 pre-trained on ImageNet-21k";
/// Its geometry, as results.json has it.
inline constexpr std::string_view kPublishedGeometry =
    "patch 16, width 768, MLP 3072, 12 heads, 12 blocks";

/// How many devices the papers' runs of methods with prompts had, each with its own vote.
inline constexpr std::int64_t kPublishedDevices = 8;

/// One published result; fractions.
struct Published {
    std::string_view benchmark;  // as benchmark_of() calls it
    std::string_view method;     // as method_of() calls it
    double accuracy = 0;
    std::optional<double> forgetting;
    std::string_view source;
};

/// Benchmark after benchmark; of two figures for one thing, the paper's own first.
std::span<const Published> published();
/// Those of the configuration's benchmark and method.
std::vector<Published> published_for(const config::Config& config);

/// "Split CIFAR-100" and the like for the benchmarks of the papers, all of their images in the
/// natural order of classes; else what the stream is: "cifar100, 5 tasks of 20 classes".
std::string benchmark_of(const config::Config& config);
/// The method with what must be said for its number to mean something: "ft_seq_frozen, unmasked",
/// "er, 10 images a class".
std::string method_of(const config::Config& config);

}  // namespace promptcl::report

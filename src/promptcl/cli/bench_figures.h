// What `promptcl bench` has measured, as a table or as JSON.
#pragma once

#include "promptcl/cli/bench_work.h"

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::cli {

inline constexpr double kLogitsTolerance = 1e-5;     // absolute
inline constexpr double kGradientsTolerance = 1e-4;  // of the largest magnitude of each gradient

/// How far an engine's results are from the first one's.
struct OutputDifference {
    double logits = 0;     // largest, absolute
    double gradients = 0;  // largest, as a part of the largest magnitude of its gradient
    bool same_prompts = true;
    bool coarse = false;  // computed in TF32 or bfloat16: told, not judged

    bool passes() const {
        return coarse ||
               (same_prompts && logits <= kLogitsTolerance && gradients <= kGradientsTolerance);
    }
};

/// Of a process that has just begun.
struct FreshStart {
    double seconds_to_first_step = 0;
    double peak_bytes = 0;
};

/// Of the repetitions of one measure in one round.
struct Speed {
    double images_per_second = 0;
    double cpu_seconds_per_image = 0;  // that this process took, all threads together
};

struct EngineFigures {
    std::string engine;
    FreshStart fresh;
    OutputDifference difference;
    std::array<std::vector<Speed>, kMeasures.size()> speeds;  // one a round
};

struct BenchFigures {
    std::string backbone;  // "ViT-B_16, random weights"
    std::string method;
    std::int64_t batch = 0, input_size = 0, threads = 0;
    double peak_gflops = 0;                           // of all threads, on the CPUs
    double others = 0;                                // share of the CPUs that other programs took
    std::array<double, kMeasures.size()> flops = {};  // per image
    std::vector<EngineFigures> engines;               // the first is compared with

    bool outputs_agree() const;
};

/// For a person: speeds as medians, ratios of each round as median, least and most.
std::string to_text(const BenchFigures& figures);
/// Everything, round by round.
nlohmann::ordered_json to_json(const BenchFigures& figures);

}  // namespace promptcl::cli

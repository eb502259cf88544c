#include "promptcl/cli/bench_work.h"

#include "promptcl/backbone/flops.h"

#include <algorithm>
#include <vector>

namespace promptcl::cli {
namespace {

using backbone::BlockRows;

bool contains(const std::vector<std::int64_t>& layers, std::int64_t layer) {
    return std::ranges::find(layers, layer) != layers.end();
}

/// Prompt tokens stay in the sequence from their layer on, a prefix belongs to its layer alone.
std::vector<BlockRows> prompted_rows(const config::Config& config,
                                     const backbone::Geometry& geometry, std::int64_t patches) {
    const std::int64_t chosen = config.prompt_pool_param.top_k * config.prompt_pool_param.length;
    std::vector<BlockRows> rows;
    std::int64_t tokens = patches + 1;
    for (std::int64_t layer = 0; layer < geometry.blocks; ++layer) {
        std::int64_t prefix = 0;
        if (config.use_g_prompt && contains(config.g_prompt_layer_idx, layer))
            (config.use_prefix_tune_for_g_prompt ? prefix : tokens) += config.g_prompt_length;
        if (config.use_e_prompt && contains(config.e_prompt_layer_idx, layer))
            (config.use_prefix_tune_for_e_prompt ? prefix : tokens) += chosen;
        rows.push_back({.tokens = tokens, .prefix = prefix});
    }
    return rows;
}

struct Words {
    std::string_view name, key;
};

Words words_of(Measure measure) {
    switch (measure) {
        case Measure::kQuery:
            return {"query", "query"};
        case Measure::kTraining:
            return {"training step", "training_step"};
        case Measure::kEvaluation:
            return {"evaluation step", "evaluation_step"};
        default:
            return {"evaluation step, cached queries", "cached_evaluation_step"};
    }
}

}  // namespace

std::string_view name_of(Measure measure) {
    return words_of(measure).name;
}

std::string_view key_of(Measure measure) {
    return words_of(measure).key;
}

double flops_per_image(const config::Config& config, const backbone::Geometry& geometry,
                       Measure measure) {
    const std::int64_t side = config.images.input_size / geometry.patch, patches = side * side;
    const std::vector<BlockRows> plain(static_cast<std::size_t>(geometry.blocks),
                                       {.tokens = patches + 1});
    const auto rows = prompted_rows(config, geometry, patches);
    const double query = backbone::forward_flops(geometry, patches, plain);
    const double prompted = backbone::forward_flops(geometry, patches, rows);
    switch (measure) {
        case Measure::kQuery:
            return query;
        case Measure::kTraining:
            return query + prompted + backbone::backward_flops(geometry, rows);
        case Measure::kEvaluation:
            return query + prompted;
        default:
            return prompted;
    }
}

}  // namespace promptcl::cli

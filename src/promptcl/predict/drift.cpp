#include "promptcl/predict/drift.h"

#include "promptcl/core/error.h"
#include "promptcl/model/undo.h"
#include "promptcl/predict/head.h"
#include "promptcl/predict/prompts.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace promptcl::predict {
namespace {

/// The first elements of an array, those of the first `prompts` of a pool alone.
std::vector<float> old_part(const model::Classifier& classifier, const std::string& name,
                            io::Shape shape, std::int64_t prompts) {
    const bool prefix = classifier.state.config.use_prefix_tune_for_e_prompt;
    if (name == "prompt_pool/key") shape[0] = prompts;
    if (name == "prompt_pool/prompt") shape[prefix ? 2 : 1] = prompts;
    const auto corner = model::leading_corner(classifier.state.arrays.at(name), shape);
    require(corner.has_value(), "a classifier's arrays only grow");
    return corner->as_float();
}

/// |after - before| / |before|; 0 without such an array.
double relative_move(const model::Classifier& before, const model::Classifier& after,
                     const std::string& name, std::int64_t prompts) {
    const auto found = before.state.arrays.find(name);
    if (found == before.state.arrays.end()) return 0;
    const auto was = old_part(before, name, found->second.shape, prompts),
               is = old_part(after, name, found->second.shape, prompts);
    double moved = 0, length = 0;
    for (std::size_t i = 0; i < was.size(); ++i) {
        moved += std::pow(static_cast<double>(is[i]) - static_cast<double>(was[i]), 2);
        length += std::pow(static_cast<double>(was[i]), 2);
    }
    return length > 0 ? std::sqrt(moved / length) : 0;
}

std::ptrdiff_t best_of(const std::vector<float>& logits) {
    return std::ranges::max_element(logits) - logits.begin();
}

}  // namespace

Drift drift_between(const model::Classifier& before, const model::Classifier& after,
                    std::int64_t prompts) {
    const auto classes = static_cast<std::size_t>(before.classes());
    const auto width = static_cast<std::size_t>(before.backbone.geometry.width);
    const auto query = before.state.arrays.at("class/query").as_float(),
               feature = before.state.arrays.at("class/feature").as_float(),
               images = before.state.arrays.at("class/images").as_float();
    const Head head_before(before), head_after(after);
    const Prompts prompts_before(before), prompts_after(after);
    Drift drift;
    for (std::size_t k = 0; k < classes; ++k) {
        if (images[k] == 0) continue;
        ++drift.classes;
        const auto row = [&](const std::vector<float>& rows) {
            return std::span(rows).subspan(k * width, width);
        };
        const auto was = head_before.logits(row(feature)), is = head_after.logits(row(feature));
        for (std::size_t c = 0; c < classes; ++c) {
            const double change =
                std::abs(static_cast<double>(is[c]) - static_cast<double>(was[c]));
            drift.largest_logit = std::max(drift.largest_logit, change);
            drift.mean_logit += change;
        }
        drift.other_answer += best_of(is) != best_of(was) ? 1 : 0;
        auto chosen_before = prompts_before.choose(row(query)).ids,
             chosen_after = prompts_after.choose(row(query)).ids;
        std::ranges::sort(chosen_before);
        std::ranges::sort(chosen_after);
        drift.other_prompts += chosen_before != chosen_after ? 1 : 0;
    }
    if (drift.classes > 0)
        drift.mean_logit /= static_cast<double>(drift.classes) * static_cast<double>(classes);
    drift.prompts = relative_move(before, after, "prompt_pool/prompt", prompts);
    drift.keys = relative_move(before, after, "prompt_pool/key", prompts);
    drift.general = relative_move(before, after, "prefix", prompts);
    return drift;
}

}  // namespace promptcl::predict

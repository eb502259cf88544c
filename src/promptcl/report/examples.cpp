#include "promptcl/report/examples.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace promptcl::report {
namespace {

/// The surest of every class, then the other ones; surer ones first in both.
void put_varied_first(std::vector<Prediction>& all) {
    std::ranges::stable_sort(all, std::greater(), &Prediction::confidence);
    std::set<std::int64_t> seen;
    std::vector<Prediction> first, others;
    for (const Prediction& made : all)
        (seen.insert(made.label).second ? first : others).push_back(made);
    first.insert(first.end(), others.begin(), others.end());
    all = std::move(first);
}

}  // namespace

Examples choose_examples(const std::vector<Prediction>& predictions, std::size_t most) {
    std::map<std::int64_t, std::pair<std::vector<Prediction>, std::vector<Prediction>>> by_task;
    for (const Prediction& made : predictions) {
        auto& [wrong, right] = by_task[made.task];
        (made.right() ? right : wrong).push_back(made);
    }
    const std::size_t each =
        std::max<std::size_t>(1, most / std::max<std::size_t>(1, by_task.size()));
    const auto choose = [&](std::vector<Prediction>& all, std::vector<Example>& chosen) {
        put_varied_first(all);
        all.resize(std::min(all.size(), each));
        for (const Prediction& made : all) {
            if (chosen.size() < most) chosen.push_back({.made = made, .png = {}, .origin = {}});
        }
    };
    Examples examples;
    for (auto& [task, predicted] : by_task) {
        choose(predicted.first, examples.wrong);
        choose(predicted.second, examples.right);
    }
    return examples;
}

}  // namespace promptcl::report

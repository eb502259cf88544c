#include "promptcl/model/edit.h"

#include "promptcl/core/error.h"
#include "promptcl/model/arrays.h"
#include "promptcl/model/undo.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>
#include <set>

namespace promptcl::model {
namespace {

/// The place of a class; UsageError when there is none of that name.
std::size_t place_of(const State& state, const std::string& name) {
    const auto found = std::ranges::find(state.class_names, name);
    if (found == state.class_names.end()) {
        throw UsageError(fmt::format("there is no class \"{}\" to change", name),
                         fmt::format("its classes are {}", fmt::join(state.class_names, ", ")));
    }
    return static_cast<std::size_t>(found - state.class_names.begin());
}

Classifier with_event(const Classifier& before, State after, Event event) {
    remember(event, before.state, after);
    Classifier result{
        .backbone = before.backbone, .state = std::move(after), .history = before.history};
    result.history.push_back(std::move(event));
    return result;
}

}  // namespace

Classifier renamed(const Classifier& classifier, const std::string& from, const std::string& to,
                   const std::string& when) {
    State after = classifier.state;
    const std::size_t place = place_of(after, from);
    if (to.empty()) throw UsageError("a class needs a name", "give the new one");
    if (std::ranges::find(after.class_names, to) != after.class_names.end()) {
        throw UsageError(fmt::format("there is a class \"{}\" already", to), "choose another name");
    }
    after.class_names[place] = to;
    return with_event(classifier, std::move(after),
                      {.when = when,
                       .action = "rename",
                       .classes = {to},
                       .images = 0,
                       .results = {{"was", from}},
                       .undo = {},
                       .undo_arrays = {}});
}

Classifier removed(const Classifier& classifier, std::span<const std::string> classes,
                   const std::string& when) {
    State after = classifier.state;
    std::set<std::int64_t> gone;
    for (const std::string& name : classes)
        gone.insert(static_cast<std::int64_t>(place_of(after, name)));
    std::vector<std::int64_t> left;
    std::vector<std::string> names;
    for (std::int64_t i = 0; i < std::ssize(after.class_names); ++i) {
        if (gone.contains(i)) continue;
        left.push_back(i);
        names.push_back(after.class_names[static_cast<std::size_t>(i)]);
    }
    if (left.empty()) throw UsageError("no class would be left", "a classifier keeps at least one");
    after.class_names = std::move(names);
    for (auto& [name, array] : after.arrays) {
        if (const auto dimension = class_dimension(name)) array = slices(array, *dimension, left);
    }
    return with_event(classifier, std::move(after),
                      {.when = when,
                       .action = "remove",
                       .classes = {classes.begin(), classes.end()},
                       .images = 0,
                       .results = nlohmann::json::object(),
                       .undo = {},
                       .undo_arrays = {}});
}

}  // namespace promptcl::model

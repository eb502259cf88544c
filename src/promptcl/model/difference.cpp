#include "promptcl/config/print.h"
#include "promptcl/model/edit.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace promptcl::model {
namespace {

void compare(std::vector<Difference>& found, const std::string& what, const std::string& left,
             const std::string& right) {
    if (left != right) found.push_back({what, left, right});
}

bool knows(const Classifier& classifier, const std::string& name) {
    const auto& names = classifier.state.class_names;
    return std::ranges::find(names, name) != names.end();
}

std::string described(const io::ArrayMap& arrays, const std::string& name) {
    const auto found = arrays.find(name);
    return found == arrays.end() ? "-" : io::to_string(found->second.shape);
}

/// The largest difference of two arrays of one shape.
double largest_difference(const io::Array& left, const io::Array& right) {
    const auto a = left.as_double(), b = right.as_double();
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

void compare_arrays(std::vector<Difference>& found, const io::ArrayMap& left,
                    const io::ArrayMap& right) {
    io::ArrayMap all = left;
    all.insert(right.begin(), right.end());
    for (const auto& [name, _] : all) {
        const auto a = left.find(name), b = right.find(name);
        const bool both = a != left.end() && b != right.end();
        if (both && a->second == b->second) continue;
        if (both && a->second.shape == b->second.shape) {
            found.push_back(
                {"array " + name, described(left, name),
                 fmt::format("differs by up to {:.3g}", largest_difference(a->second, b->second))});
        } else {
            found.push_back({"array " + name, described(left, name), described(right, name)});
        }
    }
}

}  // namespace

std::vector<Difference> differences(const Classifier& left, const Classifier& right) {
    std::vector<Difference> found;
    compare(found, "backbone", left.backbone.sha256, right.backbone.sha256);
    for (const std::string& name : left.state.class_names) {
        if (!knows(right, name)) found.push_back({"class", name, "-"});
    }
    for (const std::string& name : right.state.class_names) {
        if (!knows(left, name)) found.push_back({"class", "-", name});
    }
    compare(found, "tasks", std::to_string(left.state.tasks_learnt),
            std::to_string(right.state.tasks_learnt));
    for (const auto& entry : config::differences(left.state.config, right.state.config))
        found.push_back({"config " + entry.key, entry.left, entry.right});
    compare(found, "temperature", fmt::format("{:.6g}", left.state.calibration.temperature),
            fmt::format("{:.6g}", right.state.calibration.temperature));
    compare_arrays(found, left.state.arrays, right.state.arrays);
    compare(found, "steps", std::to_string(left.history.size()),
            std::to_string(right.history.size()));
    return found;
}

}  // namespace promptcl::model

#include "promptcl/report/curves.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace promptcl::report {
namespace {

/// Steps of a task that something was logged at.
struct Span {
    std::int64_t first = 0, last = 0;
};

std::map<std::int64_t, std::int64_t> tasks_of_steps(const io::LoggedEvents& events) {
    std::map<std::int64_t, std::int64_t> tasks;
    for (const auto& scalar : events.scalars) {
        if (scalar.tag == "task_id") tasks[scalar.step] = std::llround(scalar.value);
    }
    return tasks;
}

/// A task begins where the one before ends.
std::map<std::int64_t, Span> spans_of(const std::map<std::int64_t, std::int64_t>& tasks) {
    std::map<std::int64_t, Span> spans;
    std::int64_t before = 0;
    for (const auto& [step, task] : tasks) {
        spans.try_emplace(task, Span{before, step}).first->second.last = step;
        before = step;
    }
    return spans;
}

}  // namespace

std::vector<CurvePoint> training_curve(const io::LoggedEvents& events, std::string_view tag) {
    const auto tasks = tasks_of_steps(events);
    const auto spans = spans_of(tasks);
    std::map<std::int64_t, CurvePoint> points;
    for (const auto& scalar : events.scalars) {
        const auto task = tasks.find(scalar.step);
        if (scalar.tag != tag || task == tasks.end() || !std::isfinite(scalar.value)) continue;
        const Span& span = spans.at(task->second);
        const double steps = static_cast<double>(std::max<std::int64_t>(span.last - span.first, 1));
        const double part = static_cast<double>(scalar.step - span.first) / steps;
        points[scalar.step] = {.tasks = static_cast<double>(task->second) + part,
                               .step = scalar.step,
                               .value = scalar.value};
    }
    std::vector<CurvePoint> curve;
    for (const auto& [step, point] : points)
        curve.push_back(point);
    return curve;
}

std::vector<CurvePoint> thinned(const std::vector<CurvePoint>& curve, std::size_t most) {
    const std::size_t together = (curve.size() + most - 1) / std::max<std::size_t>(most, 1);
    if (together <= 1) return curve;
    std::vector<CurvePoint> means;
    for (std::size_t first = 0; first < curve.size(); first += together) {
        const std::size_t count = std::min(together, curve.size() - first);
        CurvePoint mean{.step = curve[first + count - 1].step};
        for (std::size_t i = first; i < first + count; ++i) {
            mean.tasks += curve[i].tasks / static_cast<double>(count);
            mean.value += curve[i].value / static_cast<double>(count);
        }
        means.push_back(mean);
    }
    return means;
}

}  // namespace promptcl::report

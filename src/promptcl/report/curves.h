// What a run logged while it trained, over the tasks.
#pragma once

#include "promptcl/io/event_reader.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace promptcl::report {

/// `tasks` is how far the run was: 2.25 is a quarter of the third task's steps.
struct CurvePoint {
    double tasks = 0;
    std::int64_t step = 0;
    double value = 0;
};

/// The finite values of one tag of training (loss, train_accuracy, ...), in the order of the steps.
/// Which task each step belongs to is what task_id says; without it nothing is known.
std::vector<CurvePoint> training_curve(const io::LoggedEvents& events, std::string_view tag);

/// At most `most` points, each the mean of as many that follow each other.
std::vector<CurvePoint> thinned(const std::vector<CurvePoint>& curve, std::size_t most);

}  // namespace promptcl::report

#include "promptcl/metrics/accuracy_matrix.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

namespace promptcl::metrics {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

void grow(std::vector<std::vector<double>>& rows, std::int64_t tasks) {
    while (std::ssize(rows) < tasks)
        rows.emplace_back(rows.size() + 1, kMissing);
}

bool is_fraction(double value) {
    return value >= 0.0 && value <= 1.0;
}

}  // namespace

AccuracyMatrix::AccuracyMatrix(std::int64_t tasks) {
    require(tasks >= 0, "an accuracy matrix has no negative number of tasks");
    grow(rows_, tasks);
}

void AccuracyMatrix::record(std::int64_t task, std::int64_t after, double accuracy) {
    require(task >= 0 && task <= after, "accuracy is recorded for a task that was trained");
    require(is_fraction(accuracy), "an accuracy is a fraction in [0, 1]");
    grow(rows_, after + 1);
    rows_[static_cast<std::size_t>(after)][static_cast<std::size_t>(task)] = accuracy;
}

std::optional<double> AccuracyMatrix::at(std::int64_t task, std::int64_t after) const {
    if (task < 0 || task > after || after >= tasks()) return std::nullopt;
    const double value = rows_[static_cast<std::size_t>(after)][static_cast<std::size_t>(task)];
    return std::isnan(value) ? std::nullopt : std::optional(value);
}

bool AccuracyMatrix::has(std::int64_t after) const {
    if (after < 0 || after >= tasks()) return false;
    return std::ranges::none_of(rows_[static_cast<std::size_t>(after)],
                                [](double value) { return std::isnan(value); });
}

double AccuracyMatrix::entry(std::int64_t task, std::int64_t after) const {
    const auto value = at(task, after);
    require(value.has_value(),
            "a figure of the accuracy matrix needs an entry that was never recorded");
    return *value;
}

double AccuracyMatrix::average_accuracy(std::int64_t after) const {
    double sum = 0;
    for (std::int64_t task = 0; task <= after; ++task)
        sum += entry(task, after);
    return sum / static_cast<double>(after + 1);
}

double AccuracyMatrix::forgetting(std::int64_t after) const {
    double sum = 0;
    for (std::int64_t task = 0; task < after; ++task) {
        const double now = entry(task, after);
        double best = now;
        for (std::int64_t then = task; then < after; ++then) {
            best = std::max(best, at(task, then).value_or(now));
        }
        sum += best - now;
    }
    return after == 0 ? 0.0 : sum / static_cast<double>(after);
}

double AccuracyMatrix::backward_transfer(std::int64_t after) const {
    double sum = 0;
    for (std::int64_t task = 0; task < after; ++task)
        sum += entry(task, after) - entry(task, task);
    return after == 0 ? 0.0 : sum / static_cast<double>(after);
}

double AccuracyMatrix::learning_accuracy(std::int64_t after) const {
    double sum = 0;
    for (std::int64_t task = 0; task <= after; ++task)
        sum += entry(task, task);
    return sum / static_cast<double>(after + 1);
}

AccuracyMatrix AccuracyMatrix::from_rows(std::vector<std::vector<double>> rows) {
    for (std::size_t after = 0; after < rows.size(); ++after) {
        const auto& row = rows[after];
        const bool fractions = std::ranges::all_of(
            row, [](double value) { return std::isnan(value) || is_fraction(value); });
        if (row.size() != after + 1 || !fractions) {
            throw Error(
                fmt::format("row {} of the accuracy matrix does not hold {} fractions in [0, 1]",
                            after, after + 1),
                "the file it was read from is damaged; start the run in another folder");
        }
    }
    AccuracyMatrix matrix;
    matrix.rows_ = std::move(rows);
    return matrix;
}

}  // namespace promptcl::metrics

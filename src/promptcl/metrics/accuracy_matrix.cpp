#include "promptcl/metrics/accuracy_matrix.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>
#include <utility>

namespace promptcl::metrics {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

bool is_fraction(double value) {
    return value >= 0.0 && value <= 1.0;
}

}  // namespace

void AccuracyMatrix::record(std::int64_t test, std::int64_t after, double accuracy) {
    require(test >= 0 && after >= 0, "test sets and tasks count from 0");
    require(is_fraction(accuracy), "an accuracy is a fraction in [0, 1]");
    if (after >= tasks()) rows_.resize(static_cast<std::size_t>(after) + 1);
    auto& row = rows_[static_cast<std::size_t>(after)];
    if (test >= std::ssize(row)) row.resize(static_cast<std::size_t>(test) + 1, kMissing);
    row[static_cast<std::size_t>(test)] = accuracy;
}

std::optional<double> AccuracyMatrix::at(std::int64_t test, std::int64_t after) const {
    if (test < 0 || after < 0 || after >= tasks()) return std::nullopt;
    const auto& row = rows_[static_cast<std::size_t>(after)];
    if (test >= std::ssize(row)) return std::nullopt;
    const double value = row[static_cast<std::size_t>(test)];
    return std::isnan(value) ? std::nullopt : std::optional(value);
}

bool AccuracyMatrix::has(std::int64_t after) const {
    if (after < 0 || after >= tasks()) return false;
    const auto& row = rows_[static_cast<std::size_t>(after)];
    return !row.empty() &&
           std::ranges::none_of(row, [](double value) { return std::isnan(value); });
}

bool AccuracyMatrix::is_task_by_task(std::int64_t after) const {
    for (std::int64_t task = 0; task <= after; ++task) {
        if (!has(task) || std::ssize(rows_[static_cast<std::size_t>(task)]) != task + 1)
            return false;
    }
    return true;
}

double AccuracyMatrix::entry(std::int64_t test, std::int64_t after) const {
    const auto value = at(test, after);
    require(value.has_value(),
            "a figure of the accuracy matrix needs an entry that was never recorded");
    return *value;
}

double AccuracyMatrix::average_accuracy(std::int64_t after) const {
    require(has(after), "an average accuracy needs an evaluation");
    const auto& row = rows_[static_cast<std::size_t>(after)];
    return std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(row.size());
}

double AccuracyMatrix::anytime_accuracy(std::int64_t after) const {
    double sum = 0, evaluations = 0;
    for (std::int64_t task = 0; task <= after; ++task) {
        if (!has(task)) continue;
        sum += average_accuracy(task);
        ++evaluations;
    }
    require(evaluations > 0, "an any-time accuracy needs an evaluation");
    return sum / evaluations;
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
        const bool fractions = std::ranges::all_of(
            rows[after], [](double value) { return std::isnan(value) || is_fraction(value); });
        if (!fractions) {
            throw Error(
                fmt::format("row {} of the accuracy matrix holds more than fractions in [0, 1]",
                            after),
                "the file it was read from is damaged; start the run in another folder");
        }
    }
    AccuracyMatrix matrix;
    matrix.rows_ = std::move(rows);
    return matrix;
}

}  // namespace promptcl::metrics

// Which accuracy on which task after which task, and the four figures read from it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace promptcl::metrics {

/// a[i][t]: accuracy, a fraction in [0, 1], on the test images of task i after training task t; t
/// >= i, both from 0. Entries may be missing (an evaluation that was skipped). The figures of
/// `after` = t need the entries they name and throw Bug when one is missing; `has` says whether
/// they are there.
class AccuracyMatrix {
  public:
    /// Room for `tasks` tasks; record() makes more room when it is needed.
    explicit AccuracyMatrix(std::int64_t tasks = 0);

    /// Sets a[task][after]; a second record of an entry replaces the first. Needs 0 <= task <=
    /// after.
    void record(std::int64_t task, std::int64_t after, double accuracy);
    std::optional<double> at(std::int64_t task, std::int64_t after) const;
    /// Number of tasks there is room for.
    std::int64_t tasks() const { return static_cast<std::int64_t>(rows_.size()); }
    /// Whether a[0..after][after] are all recorded.
    bool has(std::int64_t after) const;

    /// Mean over i <= t of a[i][t].
    double average_accuracy(std::int64_t after) const;
    /// Mean over i < t of (max over i <= s <= t of a[i][s]) - a[i][t]; 0 for t = 0. Missing
    /// a[i][s], s < t, are passed over. Source: Chaudhry et al., ECCV 2018, with t itself in the
    /// maximum as in the L2P code, so never negative.
    double forgetting(std::int64_t after) const;
    /// Mean over i < t of a[i][t] - a[i][i]; 0 for t = 0. Source: Lopez-Paz and Ranzato, NeurIPS
    /// 2017.
    double backward_transfer(std::int64_t after) const;
    /// Mean over i <= t of a[i][i].
    double learning_accuracy(std::int64_t after) const;

    /// The lower triangle: row t holds a[0..t][t]. A missing entry is NaN.
    const std::vector<std::vector<double>>& rows() const { return rows_; }
    /// The reverse of rows(). Error when row t does not hold t + 1 fractions (or NaN).
    static AccuracyMatrix from_rows(std::vector<std::vector<double>> rows);

  private:
    double entry(std::int64_t task, std::int64_t after) const;

    std::vector<std::vector<double>> rows_;
};

}  // namespace promptcl::metrics

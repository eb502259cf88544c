// Which accuracy on which task after which task, and the four figures read from it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace promptcl::metrics {

/// a[i][t]: accuracy, a fraction in [0, 1], on test set i after training task t, both from 0. In a
/// class-incremental stream test set i is that of task i and row t ends with i = t; a stream with
/// one common test set has rows of one entry. Rows may be missing (an evaluation that was skipped).
/// The figures of `after` = t need the entries they name and throw Bug when one is missing.
class AccuracyMatrix {
  public:
    /// Sets a[test][after]; a second record of an entry replaces the first.
    void record(std::int64_t test, std::int64_t after, double accuracy);
    std::optional<double> at(std::int64_t test, std::int64_t after) const;
    /// Number of tasks after the last of which something is recorded.
    std::int64_t tasks() const { return static_cast<std::int64_t>(rows_.size()); }
    /// Whether something, and nothing but whole entries, is recorded after that task.
    bool has(std::int64_t after) const;
    /// Whether every task up to `after` was evaluated, each with a test set of its own: what
    /// forgetting, backward transfer and learning accuracy speak of.
    bool is_task_by_task(std::int64_t after) const;

    /// Mean over the test sets i evaluated after task t of a[i][t].
    double average_accuracy(std::int64_t after) const;
    /// Mean of average_accuracy over the tasks s <= t after which was evaluated. Source: the
    /// any-time accuracy of Shanahan et al., arXiv 2105.13327; elsewhere called average incremental
    /// accuracy.
    double anytime_accuracy(std::int64_t after) const;
    /// Mean over i < t of (max over i <= s <= t of a[i][s]) - a[i][t]; 0 for t = 0. Missing
    /// a[i][s], s < t, are passed over. Source: Chaudhry et al., ECCV 2018, with t itself in the
    /// maximum as in the L2P code, so never negative.
    double forgetting(std::int64_t after) const;
    /// Mean over i < t of a[i][t] - a[i][i]; 0 for t = 0. Source: Lopez-Paz and Ranzato, NeurIPS
    /// 2017.
    double backward_transfer(std::int64_t after) const;
    /// Mean over i <= t of a[i][i].
    double learning_accuracy(std::int64_t after) const;

    /// Row t holds a[0..][t]; it is empty when nothing was evaluated. A missing entry is NaN.
    const std::vector<std::vector<double>>& rows() const { return rows_; }
    /// The reverse of rows(). Error when a row holds something else than fractions (or NaN).
    static AccuracyMatrix from_rows(std::vector<std::vector<double>> rows);

  private:
    double entry(std::int64_t test, std::int64_t after) const;

    std::vector<std::vector<double>> rows_;
};

}  // namespace promptcl::metrics

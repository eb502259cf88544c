// What a service counts, as text for Prometheus.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace promptcl::serve {

/// How many of some values lie below each of some bounds.
class Histogram {
  public:
    explicit Histogram(std::vector<double> bounds)  // rising
        : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

    void add(double value);
    /// Lines NAME_bucket{le="..."}, NAME_sum, NAME_count.
    std::string text(const std::string& name) const;

  private:
    std::vector<double> bounds_;
    std::vector<std::uint64_t> counts_;  // between two bounds each, the last one above all
    double sum_ = 0;
};

/// From any thread.
class Metrics {
  public:
    void count_reply(int status);
    void count_image(const std::string& model, double seconds);
    void count_batch(std::int64_t images);
    void count_load(bool succeeded);

    /// `waiting`: images whose answer is awaited now. Source: Prometheus' text format 0.0.4.
    std::string text(std::int64_t waiting, std::int64_t models) const;

  private:
    mutable std::mutex mutex_;
    std::map<int, std::uint64_t> replies_;
    std::map<std::string, std::uint64_t> images_;
    std::uint64_t loads_ = 0, failed_loads_ = 0;
    Histogram seconds_{{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}};
    Histogram batches_{{1, 2, 4, 8, 16, 32, 64}};
};

}  // namespace promptcl::serve

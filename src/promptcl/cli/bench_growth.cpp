#include "promptcl/cli/bench_growth.h"

#include "promptcl/cli/bench_machine.h"
#include "promptcl/cli/bench_workload.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/report/statistics.h"

#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

constexpr std::array<std::int64_t, 4> kClasses = {10, 100, 1000, 10'000};
constexpr std::array<std::int64_t, 3> kPools = {10, 100, 1000};
constexpr std::array<std::int64_t, 3> kTasks = {1, 10, 100};

/// One size of one thing that grows.
struct Point {
    std::string engine;
    std::string_view what;
    std::int64_t size = 0;
    double training = 0, evaluation = 0;  // seconds for an image, the median of the rounds
    double memory = 0;                    // that lies in RAM afterwards, bytes
};

class Growth {
  public:
    Growth(const BenchOptions& options, const backbone::Checkpoint& checkpoint)
        : options_(options), checkpoint_(checkpoint) {}

    std::vector<Point> points() {
        for (const std::string& engine : options_.engines) {
            for (const std::int64_t size : kClasses)
                add(engine, "classes", size, with_classes(size));
            for (const std::int64_t size : kPools) {
                config::Config config = options_.config;
                config.prompt_pool_param.pool_size = size;
                add(engine, "prompts in the pool", size, config);
            }
            add_tasks(engine);
        }
        line_.clear();
        return std::move(points_);
    }

  private:
    /// All in the first of the tasks; nothing of a step depends on how many there are to come.
    config::Config with_classes(std::int64_t classes) const {
        config::Config config = options_.config;
        config.continual.num_tasks = 10;
        config.continual.num_classes_per_task = classes / 10;
        return config;
    }

    void add(const std::string& engine, std::string_view what, std::int64_t size,
             const config::Config& config) {
        Workload workload(config, engine, checkpoint_);
        workload.run(Measure::kTraining);
        measure(workload, what, size);
    }

    /// One workload goes from task to task, as a run does.
    void add_tasks(const std::string& engine) {
        config::Config config = options_.config;
        config.continual.num_tasks = kTasks.back();
        config.continual.num_classes_per_task = 1;
        Workload workload(config, engine, checkpoint_);
        std::int64_t task = 0;
        for (const std::int64_t tasks : kTasks) {
            for (; task < tasks; ++task) {
                if (interrupted()) throw Interrupted();
                workload.begin_task(task);
                workload.run(Measure::kTraining);
            }
            measure(workload, "tasks", tasks);
        }
    }

    void measure(Workload& workload, std::string_view what, std::int64_t size) {
        constexpr std::size_t kPoints = kClasses.size() + kPools.size() + kTasks.size();
        line_.show("measuring", static_cast<std::int64_t>(points_.size()),
                   static_cast<std::int64_t>(kPoints * options_.engines.size()),
                   fmt::format("{}: {} {}", workload.engine(), size, what));
        Point point{.engine = workload.engine(), .what = what, .size = size};
        point.training = seconds_for_an_image(workload, Measure::kTraining);
        point.evaluation = seconds_for_an_image(workload, Measure::kEvaluation);
        point.memory = memory_now();
        points_.push_back(point);
    }

    double seconds_for_an_image(Workload& workload, Measure measure) const {
        std::vector<double> rounds;
        for (std::int64_t round = 0; round < options_.rounds; ++round) {
            if (interrupted()) throw Interrupted();
            rounds.push_back(1 / measure_speed(workload, measure,
                                               options_.config.per_device_batch_size,
                                               options_.seconds)
                                     .images_per_second);
        }
        return report::spread(rounds).median;
    }

    const BenchOptions& options_;
    const backbone::Checkpoint& checkpoint_;
    std::vector<Point> points_;
    ProgressLine line_;
};

std::string as_text(const std::vector<Point>& points) {
    std::vector<Row> rows;
    const Point* first = nullptr;  // of the same thing
    for (const Point& point : points) {
        if (first == nullptr || first->what != point.what || first->engine != point.engine)
            first = &point;
        rows.push_back({point.engine, fmt::format("{}: {}", point.what, point.size),
                        fmt::format("{:.1f} ms", 1e3 * point.training),
                        fmt::format("{:.2f}", point.training / first->training),
                        fmt::format("{:.1f} ms", 1e3 * point.evaluation),
                        fmt::format("{:.2f}", point.evaluation / first->evaluation),
                        human_bytes(point.memory)});
    }
    return format_table(
        {"engine", "", "training, an image", "growth", "evaluation", "growth", "memory"}, rows);
}

nlohmann::ordered_json as_json(const std::vector<Point>& points) {
    auto json = nlohmann::ordered_json::array();
    for (const Point& point : points) {
        json.push_back({{"engine", point.engine},
                        {"what", point.what},
                        {"size", point.size},
                        {"training_seconds_per_image", point.training},
                        {"evaluation_seconds_per_image", point.evaluation},
                        {"memory_bytes", point.memory}});
    }
    return json;
}

}  // namespace

int run_growth(const BenchOptions& options, const backbone::Checkpoint& checkpoint) {
    const auto points = Growth(options, checkpoint).points();
    fmt::print("{}", options.json ? as_json(points).dump(2) + "\n" : as_text(points));
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli

// A method at work on random images, step by step.
#pragma once

#include "promptcl/backbone/checkpoint.h"
#include "promptcl/cli/bench_figures.h"
#include "promptcl/config/config.h"
#include "promptcl/method/method.h"
#include "promptcl/train/optimizer.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace promptcl::cli {

/// Images that lie ready and the labels of the first task, so that nothing but the method is
/// measured. Every workload of one configuration begins with the same prompts, head and images.
class Workload {
  public:
    Workload(const config::Config& config, const std::string& engine,
             const backbone::Checkpoint& checkpoint);

    const std::string& engine() const { return engine_; }

    void run(Measure measure);
    /// From now on the images are those of another task, whose first step comes next.
    void begin_task(std::int64_t task);

    struct Outputs {
        Tensor prompts;                      // ids [B, N]
        Tensor logits;                       // of evaluation, [B, C]
        std::vector<NamedTensor> gradients;  // of a training step, before clipping
    };
    Outputs outputs();

  private:
    void train();
    void evaluate(const Tensor& images, const Tensor& query);
    void evaluate_cached();

    config::Config config_;
    std::string engine_;
    std::unique_ptr<method::Method> method_;
    train::Optimizer optimizer_;
    method::TrainingBatch batch_;
    // Of the evaluation with cached queries, once it is asked for: an engine that remembers the
    // images of a query pass has not seen these.
    Tensor query_, never_queried_;
};

/// How far `other` is from `reference`.
OutputDifference difference(const Workload::Outputs& reference, const Workload::Outputs& other);

/// Over as many repetitions as fill `seconds`, at least one.
Speed measure_speed(Workload& workload, Measure measure, std::int64_t batch, double seconds);

}  // namespace promptcl::cli

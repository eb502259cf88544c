// A run's TensorBoard events.
#pragma once

#include "promptcl/io/event_writer.h"
#include "promptcl/train/observer.h"

#include <filesystem>
#include <memory>

namespace promptcl::train {

/// Writes the tags of spec section 5. Steps are global steps over all tasks. Events of a resumed
/// run replace those that a killed run wrote after its last checkpoint.
class EventLog final : public Observer {
  public:
    explicit EventLog(std::filesystem::path folder) : folder_(std::move(folder)) {}

    void started(const Experiment& experiment, const Progress& progress) override;
    void interval_done(const Interval& interval, const Position& position) override;
    void evaluated(const Evaluation& evaluation, const Progress& progress) override;
    void saved(const Position&) override { writer_->flush(); }

  private:
    void figures(const metrics::AccuracyMatrix& accuracy, const Evaluation& evaluation,
                 const std::string& prefix);

    std::filesystem::path folder_;
    std::unique_ptr<io::EventWriter> writer_;  // from the moment the run goes on
    bool histograms_ = true;
};

}  // namespace promptcl::train

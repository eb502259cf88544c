// The files of a run, and saving and finding its checkpoints.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/io/array.h"
#include "promptcl/model/run_model.h"
#include "promptcl/train/experiment.h"
#include "promptcl/train/progress.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::train {

/// What the state file holds beside it: all that a bit-identical continuation needs.
struct StateFile {
    io::ArrayMap arrays;  // the optimizer's moments and the replay buffer (train/replay_state.h)
    std::int64_t optimizer_steps = 0;
    Progress progress;
};

struct Saved {
    model::RunModel model;
    StateFile state;
    std::filesystem::path model_path;
};

/// WORKDIR/config.toml, manifest.csv, results.json, events.out.tfevents.* and
/// checkpoints/step-NNNNNNNN{,.state}.safetensors (model/run_model.h). Each file appears by rename;
/// the two newest pairs are kept.
class RunFolder {
  public:
    explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path config_file() const { return path_ / "config.toml"; }
    std::filesystem::path manifest_file() const { return path_ / "manifest.csv"; }
    std::filesystem::path results_file() const { return path_ / "results.json"; }

    /// Makes the folder and writes config.toml. Error when it may not be written.
    void create(const config::Config& config) const;

    /// Writes manifest.csv (stream/manifest.h), unless a run that this one goes on with did.
    void write_manifest(const Experiment& experiment) const;

    /// Saves a pair named after the global step, then removes all but the two newest.
    void save(const model::RunModel& model, const StateFile& state) const;
    /// The newest pair that is whole; `warnings` gets a sentence for each damaged one that was
    /// passed over. Nothing when the run has none; Error when it has some but all are damaged.
    std::optional<Saved> newest(std::vector<std::string>& warnings) const;

  private:
    model::Checkpoints checkpoints() const { return model::Checkpoints(path_); }

    std::filesystem::path path_;
};

/// Copies saved arrays into tensors of the same names. Throws Error naming `place` and the first
/// array that is missing or has another shape.
void restore(const std::vector<NamedTensor>& tensors, const io::ArrayMap& arrays,
             const std::string& place);
/// The tensors as arrays by their names.
io::ArrayMap arrays_of(const std::vector<NamedTensor>& tensors);

}  // namespace promptcl::train

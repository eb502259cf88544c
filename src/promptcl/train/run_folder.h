// The files of a run, and saving and finding its checkpoints.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/io/array.h"
#include "promptcl/train/experiment.h"
#include "promptcl/train/progress.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::train {

/// What a model file holds: everything learnt, and what it was learnt with (docs/formats.md).
struct ModelFile {
    io::ArrayMap arrays;
    config::Config config;
    Identity identity;
    std::vector<std::string> class_names;
    std::int64_t tasks_learnt = 0;             // tasks of which at least one step is in the arrays
    std::vector<std::int64_t> learnt_classes;  // the classes of those tasks
};

/// What the state file holds beside it: all that a bit-identical continuation needs.
struct StateFile {
    io::ArrayMap arrays;  // the optimizer's moments and the replay buffer (train/replay_state.h)
    std::int64_t optimizer_steps = 0;
    Progress progress;
};

struct Saved {
    ModelFile model;
    StateFile state;
    std::filesystem::path model_path;
};

/// WORKDIR/config.toml, manifest.csv, results.json, events.out.tfevents.* and
/// checkpoints/step-NNNNNNNN{,.state}.safetensors.
///
/// A checkpoint is a pair of files. The state file is written last and names the SHA-256 of its
/// model file, so a pair with a state file is complete; each file appears by rename. The two newest
/// pairs are kept.
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
    void save(const ModelFile& model, const StateFile& state) const;
    /// The newest pair that is whole; `warnings` gets a sentence for each damaged one that was
    /// passed over. Nothing when the run has none; Error when it has some but all are damaged.
    std::optional<Saved> newest(std::vector<std::string>& warnings) const;

  private:
    std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
    /// Global steps of the pairs that have a state file, newest first.
    std::vector<std::int64_t> steps() const;

    std::filesystem::path path_;
};

/// Reads one model file. Throws Error naming the file.
ModelFile read_model(const std::filesystem::path& path);

/// Copies saved arrays into tensors of the same names. Throws Error naming `place` and the first
/// array that is missing or has another shape.
void restore(const std::vector<NamedTensor>& tensors, const io::ArrayMap& arrays,
             const std::string& place);
/// The tensors as arrays by their names.
io::ArrayMap arrays_of(const std::vector<NamedTensor>& tensors);

}  // namespace promptcl::train

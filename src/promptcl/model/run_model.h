// What a run learnt, as its checkpoints hold it; without LibTorch.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/io/array.h"
#include "promptcl/io/safetensors.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::model {

/// Which files a run was made with.
struct RunIdentity {
    std::string backbone_path, backbone_sha256;
    std::string data_sha256;
};

/// A model file (docs/formats.md, promptcl-model-1): everything learnt, and what it was learnt
/// with.
struct RunModel {
    io::ArrayMap arrays;
    config::Config config;
    RunIdentity identity;
    std::vector<std::string> class_names;
    std::int64_t tasks_learnt = 0;             // tasks of which at least one step is in the arrays
    std::vector<std::int64_t> learnt_classes;  // the classes of those tasks
};

/// Throws Error naming the file.
RunModel read_run_model(const std::filesystem::path& path);
void write_run_model(const std::filesystem::path& path, const RunModel& model);

/// The pairs of files of a run folder's checkpoints: WORKDIR/checkpoints/step-NNNNNNNN.safetensors,
/// the model, and .state.safetensors beside it, written last, which names the SHA-256 of its model
/// file: a pair with a state file is complete.
class Checkpoints {
  public:
    explicit Checkpoints(const std::filesystem::path& workdir) : folder_(workdir / "checkpoints") {}

    const std::filesystem::path& folder() const { return folder_; }
    std::filesystem::path model_path(std::int64_t step) const;
    std::filesystem::path state_path(std::int64_t step) const;
    /// Global steps of the pairs that have a state file, newest first.
    std::vector<std::int64_t> steps() const;

  private:
    std::filesystem::path folder_;
};

/// Throws Error unless the metadata of a checkpoint's state file name `model_sha256`.
void require_pair(const io::Metadata& state, const std::filesystem::path& state_path,
                  const std::string& model_sha256);

/// The newest model of a run whose pair is whole, with its path. Throws Error when there is none.
struct NewestModel {
    RunModel model;
    std::filesystem::path path;
};
NewestModel newest_run_model(const std::filesystem::path& workdir);

// Of both files.
inline constexpr std::string_view kStateFormat = "promptcl-state-1";
/// Throws Error naming the file and the key that its metadata do not hold.
const std::string& metadata_of(const io::Metadata& metadata, const std::string& key,
                               const std::filesystem::path& path);
/// Throws Error unless the metadata name this format.
void require_format(const io::Metadata& metadata, std::string_view format,
                    const std::filesystem::path& path);

}  // namespace promptcl::model

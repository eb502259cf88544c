// What the commands about a learnt model are asked for.
#pragma once

#include "promptcl/config/config.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::cli {

enum class AnswerForm { kText, kJsonLines, kCsv };

struct PredictOptions {
    std::filesystem::path model;  // a classifier's file, or a run folder
    bool is_run = false;
    config::Config config;                      // of a run, with what the command line may change
    std::filesystem::path backbone;             // of a classifier; empty: looked for
    std::int64_t threads = 0;                   // 0: one for each usable CPU
    std::vector<std::filesystem::path> images;  // files and folders; all of them exist
    bool listed = false;                        // paths come on standard input
    std::filesystem::path watch;                // a folder into which images come; empty: none
    std::int64_t top_k = 5;
    std::optional<double> reject;  // share of known images that may be rejected
    AnswerForm form = AnswerForm::kText;
};

struct ExportOptions {
    config::Config config;  // the run's, with what the command line may change
    std::filesystem::path workdir, output;
    std::optional<std::int64_t> images_per_class;  // that are looked at, of each split
    bool json = false;
};

struct AuditOptions {
    config::Config config;  // the run's, with what the command line may change
    std::filesystem::path workdir;
    bool json = false;
};

enum class ModelAction { kShow, kRename, kRemove, kRollback, kDiff, kMerge };

/// `promptcl model ...`: what needs neither images nor a ViT.
struct ModelOptions {
    ModelAction action = ModelAction::kShow;
    std::vector<std::filesystem::path> files;  // one, or two of diff and merge
    std::vector<std::string> classes;          // to remove; the old and the new name
    std::filesystem::path output;
    bool json = false;
};

}  // namespace promptcl::cli

#include "promptcl/backbone/checkpoint.h"
#include "promptcl/cli/commands.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/opening.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/data/data_split.h"
#include "promptcl/fetch/check.h"
#include "promptcl/fetch/recognise.h"
#include "promptcl/io/sha256.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string_view text_of(fetch::FileState state) {
    switch (state) {
        case fetch::FileState::kRight:
            return "as published";
        case fetch::FileState::kUnchecked:
            return "there; no checksum is published";
        case fetch::FileState::kWrong:
            return "has another checksum than the published one";
        case fetch::FileState::kPart:
            return "is not fetched to its end";
        case fetch::FileState::kMissing:
            return "missing";
    }
    throw Bug("a state of a file without a text");
}

bool is_wrong(const fetch::CheckedFile& file) {
    return file.state == fetch::FileState::kWrong;
}

void print_files(const std::vector<fetch::CheckedFile>& files) {
    for (const auto& [file, state] : files)
        fmt::print("  {}: {}\n", file.name, text_of(state));
    std::fflush(stdout);
}

std::string text_of(const fetch::Contents::Split& split) {
    return split.least == split.most
               ? fmt::format("{} ({} a class)", split.images, split.most)
               : fmt::format("{} ({} to {} a class)", split.images, split.least, split.most);
}

void print_contents(const fetch::Contents& contents) {
    fmt::print("  training images: {}\n  test images: {}\n", text_of(contents.train),
               text_of(contents.test));
    fmt::print("  {} classes: {}\n", contents.classes.size(), fmt::join(contents.classes, ", "));
    if (!contents.tasks.empty())
        fmt::print("  {} tasks: {}\n", contents.tasks.size(), fmt::join(contents.tasks, ", "));
    for (const auto& reason : contents.skipped)
        fmt::print("  skipped: {}\n", reason);
}

Json to_json(const fetch::Contents::Split& split) {
    return {{"images", split.images},
            {"least_of_a_class", split.least},
            {"most_of_a_class", split.most}};
}

Json to_json(const std::vector<fetch::CheckedFile>& files) {
    Json list = Json::array();
    for (const auto& [file, state] : files)
        list.push_back({{"name", file.name}, {"state", text_of(state)}});
    return list;
}

int exit_code(bool complete) {
    return static_cast<int>(complete ? ExitCode::kSuccess : ExitCode::kCheckFailed);
}

data::DataSource read_shown(const std::string& dataset, const DataCheckOptions& options) {
    Opening opening;
    return fetch::read_dataset(dataset, options.path, opening);
}

int check_dataset(const DataCheckOptions& options, const std::string& dataset) {
    const auto files = fetch::check_files(dataset, options.path);
    if (!options.json) {
        fmt::print("{}: {}\n", options.path.string(), dataset);
        print_files(files);
    }
    const data::DataSource source = read_shown(dataset, options);
    if (!options.split.empty()) data::write_data_split(options.split, *source.test);
    const fetch::Contents contents = fetch::contents_of(source);
    auto missing = fetch::shortage(dataset, contents);
    if (!missing && std::ranges::any_of(files, is_wrong)) missing = "a file is not as published";
    if (options.json) {
        const Json report = {{"path", options.path.string()},
                             {"dataset", dataset},
                             {"complete", !missing},
                             {"files", to_json(files)},
                             {"train", to_json(contents.train)},
                             {"test", to_json(contents.test)},
                             {"classes", contents.classes},
                             {"tasks", contents.tasks},
                             {"skipped", contents.skipped}};
        fmt::print("{}\n", report.dump(2));
        return exit_code(!missing);
    }
    print_contents(contents);
    fmt::print("{}\n", missing ? "not complete: " + *missing : "complete");
    return exit_code(!missing);
}

bool is_backbone(const fs::path& path) {
    return path.extension() == ".npz" || path.extension() == ".safetensors";
}

/// Reads every array, so that every checksum within the file is compared.
int check_backbone(const DataCheckOptions& options) {
    const auto checkpoint = backbone::read_checkpoint(options.path, "auto");
    const std::string sha256 = io::sha256_of_file(options.path);
    const auto bytes = fs::file_size(options.path);
    if (options.json) {
        const Json report = {{"path", options.path.string()},
                             {"backbone", checkpoint.survey.geometry.name},
                             {"complete", true},
                             {"bytes", bytes},
                             {"sha256", sha256}};
        fmt::print("{}\n", report.dump(2));
        return exit_code(true);
    }
    fmt::print("{}: a backbone, {}, {}\n  {}\n  SHA-256 {}\ncomplete\n", options.path.string(),
               checkpoint.survey.geometry.name, human_bytes(static_cast<double>(bytes)),
               checkpoint.survey.geometry.describe(), sha256);
    return exit_code(true);
}

}  // namespace

int run_data_check(const DataCheckOptions& options) {
    watch_for_interrupts();
    if (is_backbone(options.path)) return check_backbone(options);
    return check_dataset(
        options, options.dataset.empty() ? fetch::recognise(options.path) : options.dataset);
}

}  // namespace promptcl::cli

// The words of each command: what --help shows, and what a command line may say.
#pragma once

#include "promptcl/cli/commands.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace promptcl::cli {

/// What was said, of all commands; each reads its own members.
struct Words {
    std::string config, workdir, predictions, output, folder, what, mirror, dataset, split;
    std::vector<std::string> changes;  // KEY=VALUE
    std::vector<std::string> paths;
    std::string model, exp_id;
    std::vector<std::string> engines;
    std::string table;              // a table file
    std::vector<std::string> rows;  // CONFIG,KEY=VALUE
    std::vector<std::int64_t> seeds;
    std::int64_t parallel = TableOptions().parallel;
    std::int64_t top_k = PredictOptions().top_k;
    std::string backbone, watch, form;
    double reject = -1;  // not asked for
    std::int64_t images_per_class = 50;
    std::string host = ServeOptions().host;
    std::int64_t port = ServeOptions().port;
    std::int64_t max_body = ServeOptions().max_body;
    std::int64_t max_waiting = ServeOptions().max_waiting;
    std::int64_t timeout = ServeOptions().timeout;
    std::int64_t epochs = PretrainOptions().epochs;
    std::int64_t seed = PretrainOptions().seed;
    std::int64_t threads = PretrainOptions().num_threads;
    std::int64_t rounds = BenchOptions().rounds;
    double seconds = BenchOptions().seconds;
    bool growth = false, once = false;
    bool json = false, diff = false, toml = false, markdown = false, csv = false, quiet = false;
    bool dry_run = false, no_run = false, without_images = false;
    std::string test;  // a folder of test images
    bool extend = false, freeze_old = false, no_freeze_old = false;
};

struct Syntax {
    std::string_view name, summary;  // the name of a command in a group: "data fetch"
    std::string_view details;        // examples, and the files written
    void (*declare)(CLI::App& app, Words& words);
    Command (*finish)(const Words& words);
};

/// The first word of several commands.
struct SyntaxGroup {
    std::string_view name, summary, details;
};

/// Every command, in the order in which --help lists them.
std::span<const Syntax> commands();
std::span<const SyntaxGroup> groups();

/// A file to be written: its folder must be there, and a folder must not bear its name. `flag` says
/// in errors what asked for it.
std::filesystem::path writable(const std::string& text, std::string_view flag);

/// What --json and --markdown ask for.
Form form_of(const Words& words);

// What several commands say alike.
std::filesystem::path required(const std::string& value, std::string_view what,
                               std::string_view example);
/// Throws Error when nothing lies there.
void require_there(const std::filesystem::path& path);
/// A file to be written: its folder must be there, and a folder must not bear its name.
std::filesystem::path writable(const std::string& text, std::string_view flag);
/// The names as paths, all of which must be there.
std::vector<std::filesystem::path> existing_paths(std::span<const std::string> names);
void declare_changes(CLI::App& app, Words& words, const std::string& help);
/// The run folder as `names`, and what may be changed of a run.
void declare_run(CLI::App& app, Words& words, const std::string& names);
void declare_json(CLI::App& app, Words& words);
/// --reject SHARE, and what it says: nothing when it is not given.
void declare_reject(CLI::App& app, Words& words);
std::optional<double> reject_of(const Words& words);

/// The folder of --workdir. Throws UsageError, with an example of the command, when none is given
/// or when it is a file.
std::filesystem::path required_workdir(const Words& words, std::string_view example);

}  // namespace promptcl::cli

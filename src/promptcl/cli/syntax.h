// The words of each command: what --help shows, and what a command line may say.
#pragma once

#include "promptcl/cli/commands.h"

#include <cstdint>
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
    std::string config, workdir, predictions, output, folder, what;
    std::vector<std::string> changes;  // KEY=VALUE
    std::vector<std::string> paths;
    std::int64_t top_k = PredictOptions().top_k;
    std::int64_t epochs = PretrainOptions().epochs;
    std::int64_t seed = PretrainOptions().seed;
    std::int64_t threads = PretrainOptions().num_threads;
    bool json = false, markdown = false, quiet = false;
};

struct Syntax {
    std::string_view name, summary;
    std::string_view details;  // examples, and the files written
    void (*declare)(CLI::App& app, Words& words);
    Command (*finish)(const Words& words);
};

/// Every command, in the order in which --help lists them.
std::span<const Syntax> commands();

}  // namespace promptcl::cli

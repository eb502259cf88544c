#include "promptcl/cli/syntax_serve.h"

#include "promptcl/core/error.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace promptcl::cli {
namespace {

constexpr std::int64_t kMostWaiting = 1000;  // a thread each

void require_between(std::string_view flag, std::int64_t value, std::int64_t least,
                     std::int64_t most) {
    if (value >= least && value <= most) return;
    throw UsageError(fmt::format("{} is {}", flag, value),
                     fmt::format("give {} to {}", least, most));
}

}  // namespace

void declare_serve(CLI::App& app, Words& words) {
    app.add_option("models", words.paths, "model files (.pcl); requests name them without .pcl")
        ->type_name("MODEL...");
    app.add_option("--port", words.port, "port to listen on; 0: any free one")
        ->type_name("P")
        ->capture_default_str();
    app.add_option("--host", words.host, "address to listen on")
        ->type_name("HOST")
        ->capture_default_str();
    app.add_option("--backbone", words.backbone,
                   "the ViT of the model files, when it does not lie beside them")
        ->type_name("FILE");
    app.add_option("--top_k,--top-k", words.top_k,
                   "classes of an answer, if a request says nothing")
        ->type_name("N")
        ->capture_default_str();
    declare_reject(app, words);
    app.add_option("--threads", words.threads, "threads; 0: one for each usable CPU")
        ->capture_default_str();
    app.add_option("--max_body,--max-body", words.max_body, "largest image, in MB")
        ->type_name("MB")
        ->capture_default_str();
    app.add_option("--max_waiting,--max-waiting", words.max_waiting,
                   "images whose answer is awaited at a time; more are turned away")
        ->type_name("N")
        ->capture_default_str();
    app.add_option("--timeout", words.timeout, "seconds from a connection to its answer")
        ->type_name("SECONDS")
        ->capture_default_str();
}

Command finish_serve(const Words& words) {
    const std::string_view example = "promptcl serve pets.pcl --port 8080";
    if (words.paths.empty()) required("", "a model file", example);
    require_between("--port", words.port, 0, 65535);
    require_between("--top_k", words.top_k, 1, 1'000'000);
    require_between("--threads", words.threads, 0, 1024);
    require_between("--max_body", words.max_body, 1, 1024);
    require_between("--max_waiting", words.max_waiting, 1, kMostWaiting);
    require_between("--timeout", words.timeout, 1, 3600);
    const auto reject = reject_of(words);
    if (!words.backbone.empty()) require_there(words.backbone);
    return ServeOptions{.models = existing_paths(words.paths),
                        .backbone = words.backbone,
                        .host = words.host,
                        .port = words.port,
                        .threads = words.threads,
                        .top_k = words.top_k,
                        .reject = reject,
                        .max_body = words.max_body,
                        .max_waiting = words.max_waiting,
                        .timeout = words.timeout};
}

}  // namespace promptcl::cli

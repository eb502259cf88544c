// What `promptcl serve` is asked for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::cli {

struct ServeOptions {
    std::vector<std::filesystem::path> models;  // all of them exist
    std::filesystem::path backbone;             // empty: looked for
    std::string host = "127.0.0.1";
    std::int64_t port = 8080;  // 0: any free one
    std::int64_t threads = 0;  // of a backbone; 0: one for each usable CPU
    std::int64_t top_k = 5;
    std::optional<double> reject;   // share of known images that may be rejected
    std::int64_t max_body = 16;     // MB
    std::int64_t max_waiting = 32;  // images whose answer is awaited at a time
    std::int64_t timeout = 30;      // seconds from a connection to its answer
};

}  // namespace promptcl::cli

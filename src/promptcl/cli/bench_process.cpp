#include "promptcl/cli/bench_process.h"

#include "promptcl/core/error.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace promptcl::cli {
namespace {

[[noreturn]] void fail(int reason) {
    throw Error(fmt::format("cannot start a process: {}", std::strerror(reason)),
                "end other programs");
}

/// Starts this program with other words; its standard output goes into `output`.
pid_t start(std::vector<std::string> words, int output) {
    std::vector<char*> pointers;
    for (auto& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
    pid_t child = -1;
    const int failure =
        ::posix_spawn(&child, program.c_str(), &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) fail(failure);
    return child;
}

/// All that comes until the other end is closed.
std::string read_all(int descriptor) {
    std::string text;
    std::array<char, 4096> part{};
    while (true) {
        const ssize_t count = ::read(descriptor, part.data(), part.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return text;
        text.append(part.data(), static_cast<std::size_t>(count));
    }
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

FreshStart measure_fresh_process(const std::filesystem::path& config, const std::string& engine) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(errno);
    const pid_t child = start(
        {"promptcl", "bench", "--once", "--json", "--config", config.string(), "--engine", engine},
        ends[1]);
    ::close(ends[1]);
    const std::string text = read_all(ends[0]);
    ::close(ends[0]);
    const int code = wait_for(child);
    const auto said = nlohmann::json::parse(text, nullptr, false);
    if (code != 0 || !said.is_object()) {
        throw Error(fmt::format("the process of the {} engine ended with code {}", engine, code),
                    "what it printed above says why");
    }
    return {.seconds_to_first_step = said.at("seconds_to_first_step"),
            .peak_bytes = said.at("peak_memory_bytes")};
}

}  // namespace promptcl::cli

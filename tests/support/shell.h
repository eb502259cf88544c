// Commands, as a user runs them from a shell.
#pragma once

#include <array>
#include <cstdio>
#include <string>
#include <sys/wait.h>

namespace promptcl {

struct Outcome {
    int code = -1;
    std::string output;  // of both streams
};

inline Outcome shell(const std::string& command) {
    Outcome outcome;
    FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    std::array<char, 4096> buffer{};
    for (std::size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        outcome.output.append(buffer.data(), count);
    }
    const int status = ::pclose(pipe);
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
}

}  // namespace promptcl

// The built program, as a user runs it.
#pragma once

#include "promptcl/io/file.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace promptcl::support {

/// `promptcl ARGUMENTS` in a process of its own, its output in a file.
class Process {
  public:
    Process(std::vector<std::string> arguments, std::filesystem::path log) : log_(std::move(log)) {
        std::string program = PROMPTCL_PROGRAM;
        std::vector<char*> words{program.data()};
        for (std::string& word : arguments)
            words.push_back(word.data());
        words.push_back(nullptr);
        pid_ = fork();
        if (pid_ == 0) {
            std::freopen(log_.c_str(), "w", stdout);
            dup2(STDOUT_FILENO, STDERR_FILENO);  // both at one position of the file
            execv(PROMPTCL_PROGRAM, words.data());
            _exit(127);
        }
    }

    bool running() {
        if (!ended_ && waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
        return !ended_;
    }
    void signal(int number) const { kill(pid_, number); }
    int wait() {
        if (!ended_) waitpid(pid_, &status_, 0);
        ended_ = true;
        return status_;
    }
    std::string log() const { return io::read_file(log_); }

  private:
    std::filesystem::path log_;
    pid_t pid_ = -1;
    int status_ = 0;
    bool ended_ = false;
};

}  // namespace promptcl::support

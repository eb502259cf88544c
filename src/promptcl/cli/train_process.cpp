#include "promptcl/cli/train_process.h"

#include "promptcl/core/error.h"
#include "promptcl/io/file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kCannotExec = 127;        // as a shell has it
constexpr std::streamoff kTail = 4096;  // bytes, longer than any line

/// The rest of the child's life before it is `promptcl train`; only what is safe after fork().
[[noreturn]] void become_train(const char* program, char* const* words, int log, pid_t parent) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::_exit(128 + SIGTERM);  // it died before prctl
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execv(program, words);
    ::_exit(kCannotExec);
}

int exit_code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

TrainProcess::TrainProcess(const fs::path& folder) : log_(folder / "train.log") {
    const std::string program = fs::read_symlink("/proc/self/exe").string();
    std::array<std::string, 4> text = {"promptcl", "train", "--workdir", folder.string()};
    std::array<char*, 5> words{};
    std::ranges::transform(text, words.begin(), [](std::string& word) { return word.data(); });
    const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (log < 0) throw io::file_error("write", log_, errno);
    begin_ = ::lseek(log, 0, SEEK_END);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) become_train(program.c_str(), words.data(), log, parent);
    const int reason = errno;
    ::close(log);
    if (pid_ < 0) {
        throw Error(fmt::format("cannot start a process: {}", std::strerror(reason)),
                    "end other programs, or use a smaller --parallel");
    }
}

TrainProcess::~TrainProcess() {
    if (!code_) ::waitpid(pid_, nullptr, 0);
}

void TrainProcess::signal(int number) const {
    if (!code_) ::kill(pid_, number);
}

std::optional<int> TrainProcess::ended() {
    int status = 0;
    if (!code_ && ::waitpid(pid_, &status, WNOHANG) == pid_) code_ = exit_code_of(status);
    return code_;
}

std::string TrainProcess::last_line() const {
    std::ifstream file(log_, std::ios::binary | std::ios::ate);
    const std::streamoff end = file.tellg();
    file.seekg(std::max(begin_, end - kTail));
    std::string line, last;
    while (std::getline(file, line)) {
        if (!line.empty() && !file.eof()) last = line;
    }
    return last;
}

}  // namespace promptcl::cli

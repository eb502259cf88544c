// What a person sees of several runs at once.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace promptcl::cli {

/// A run at work and the last line it printed.
struct RunLine {
    std::string name, words;
};

/// On a terminal a block of one line a run that redraws itself; elsewhere a line of a run when it
/// has something new to say, at most every ten seconds. Writes to standard error.
class RunsDisplay {
  public:
    RunsDisplay();
    ~RunsDisplay();
    RunsDisplay(const RunsDisplay&) = delete;
    RunsDisplay& operator=(const RunsDisplay&) = delete;

    /// `summary` goes below the runs; it is not shown elsewhere than on a terminal.
    void show(const std::vector<RunLine>& runs, const std::string& summary);
    /// A sentence that stays.
    void say(const std::string& sentence);

  private:
    struct Said {
        std::string words;
        std::chrono::steady_clock::time_point when;
    };

    void redraw(const std::vector<RunLine>& runs, const std::string& summary);
    void print_news(const std::vector<RunLine>& runs);
    void clear();

    bool terminal_;
    std::size_t drawn_ = 0;  // lines of the block
    std::map<std::string, Said> said_;
};

}  // namespace promptcl::cli

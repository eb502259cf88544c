// SIGINT and SIGTERM as a question the work asks itself.
#pragma once

#include <exception>

namespace promptcl::cli {

/// From now on SIGINT and SIGTERM only set a flag; a second one of the same kind ends the process
/// as usual.
void watch_for_interrupts();
/// Whether one has come.
bool interrupted();
/// 128 + its number, the exit code a shell expects.
int interrupt_exit_code();

/// Ends work that one has come to and that keeps nothing.
class Interrupted : public std::exception {
  public:
    const char* what() const noexcept override { return "stopped"; }
};

}  // namespace promptcl::cli

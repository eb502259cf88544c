#include "promptcl/cli/interrupt.h"

#include <atomic>
#include <csignal>

namespace promptcl::cli {
namespace {

std::atomic<int> received{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may touch it");

void remember(int signal) {
    received = signal;
}

}  // namespace

void watch_for_interrupts() {
    struct sigaction action {};
    action.sa_handler = remember;
    action.sa_flags = SA_RESTART | static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() {
    return received != 0;
}

int interrupt_exit_code() {
    return 128 + received;
}

}  // namespace promptcl::cli

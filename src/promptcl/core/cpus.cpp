#include "promptcl/core/cpus.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <initializer_list>
#include <sched.h>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace promptcl {
namespace {

namespace fs = std::filesystem;

/// A quota of time in each period, both in microseconds; version 2 writes "max" for none, version 1
/// a negative one.
std::optional<double> ratio(std::istream&& quota, std::istream&& period) {
    double allowed = 0, of = 0;
    if (!(quota >> allowed) || !(period >> of) || allowed <= 0 || of <= 0) return std::nullopt;
    return allowed / of;
}

std::optional<double> quota_of_group(const fs::path& folder) {
    if (std::ifstream both(folder / "cpu.max"); both) {
        std::string allowed, of;
        both >> allowed >> of;
        return ratio(std::istringstream(allowed), std::istringstream(of));
    }
    return ratio(std::ifstream(folder / "cpu.cfs_quota_us"),
                 std::ifstream(folder / "cpu.cfs_period_us"));
}

/// The least quota of the group and those above it. A container may see its own group as the top.
std::optional<double> quota_of_path(const fs::path& top, std::string_view group) {
    std::optional<double> least = quota_of_group(top);
    fs::path folder = top;
    for (const fs::path& part : fs::path(group).relative_path()) {
        folder /= part;
        const auto quota = quota_of_group(folder);
        if (quota && (!least || *quota < *least)) least = quota;
    }
    return least;
}

bool names_cpu(const std::string& controllers) {
    std::istringstream names(controllers);
    for (std::string name; std::getline(names, name, ',');) {
        if (name == "cpu") return true;
    }
    return false;
}

int bound_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
    return static_cast<int>(std::thread::hardware_concurrency());  // more CPUs than cpu_set_t holds
}

}  // namespace

std::optional<double> cpu_quota(const fs::path& root) {
    const fs::path groups = root / "sys/fs/cgroup";
    std::optional<double> least;
    std::ifstream lines(root / "proc/self/cgroup");
    for (std::string line; std::getline(lines, line);) {  // hierarchy:controllers:group
        const std::size_t first = line.find(':'), second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        if (!controllers.empty() && !names_cpu(controllers)) continue;
        const fs::path top = groups / controllers;  // of version 2 it is `groups` itself
        std::error_code failure;
        const auto quota = quota_of_path(fs::exists(top, failure) ? top : groups / "cpu",
                                         std::string_view(line).substr(second + 1));
        if (quota && (!least || *quota < *least)) least = quota;
    }
    return least;
}

int usable_cpus(const fs::path& root) {
    const int bound = std::max(1, bound_cpus());
    const auto quota = cpu_quota(root);
    return quota ? std::clamp(static_cast<int>(std::ceil(*quota)), 1, bound) : bound;
}

}  // namespace promptcl

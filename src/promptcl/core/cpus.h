// How many CPUs this process may use, which in a container is fewer than the machine has.
#pragma once

#include <filesystem>
#include <optional>

namespace promptcl {

/// The CPU quota of the process's control group, or of the tightest group above it: 1.5 is one and
/// a half CPUs all the time. Nothing where there is none. Both versions of control groups are read,
/// below `root`: proc/self/cgroup says which group it is, sys/fs/cgroup holds the groups.
std::optional<double> cpu_quota(const std::filesystem::path& root = "/");

/// The CPUs that the process is bound to, at most its quota rounded up; at least one.
int usable_cpus(const std::filesystem::path& root = "/");

}  // namespace promptcl

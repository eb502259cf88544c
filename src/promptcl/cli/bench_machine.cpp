#include "promptcl/cli/bench_machine.h"

#include "promptcl/core/error.h"
#include "promptcl/io/file.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace promptcl::cli {
namespace {

double ticks_to_seconds(double ticks) {
    return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// A line "NAME:  123 kB" of /proc/self/status, in bytes.
double memory_of(const std::string& name) {
    std::ifstream lines("/proc/self/status");
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(name + ":")) return 1024 * std::stod(line.substr(name.size() + 1));
    }
    throw Error(fmt::format("/proc/self/status does not say {}", name));
}

double seconds_of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

CpuWatch::CpuWatch(std::filesystem::path root) : root_(std::move(root)), start_(now()) {}

CpuWatch::Seconds CpuWatch::now() const {
    // "cpu  user nice system idle iowait irq softirq steal ...", in ticks of all CPUs together
    std::ifstream file(root_ / "proc/stat");
    std::string name;
    file >> name;
    Seconds result;
    for (int column = 0; column < 8; ++column) {
        double ticks = 0;
        file >> ticks;
        result.all += ticks_to_seconds(ticks);
        const bool idle = column == 3 || column == 4;
        if (!idle) result.busy += ticks_to_seconds(ticks);
    }
    if (!file) throw Error("proc/stat does not say what the CPUs do");
    result.own = cpu_seconds();
    return result;
}

double CpuWatch::share_of_others() const {
    const Seconds end = now();
    const double all = end.all - start_.all;
    const double others = (end.busy - start_.busy) - (end.own - start_.own);
    return all > 0 ? std::clamp(others / all, 0.0, 1.0) : 0;
}

double cpu_seconds() {
    rusage own{};
    ::getrusage(RUSAGE_SELF, &own);
    return seconds_of(own.ru_utime) + seconds_of(own.ru_stime);
}

double seconds_since_start() {
    constexpr int kStartTime = 22;  // of proc(5), counted from 1
    const std::string stat = io::read_file("/proc/self/stat");
    std::istringstream fields(stat.substr(stat.rfind(')') + 1));  // the name may hold spaces
    std::string field;
    for (int number = 3; number <= kStartTime; ++number)
        fields >> field;
    const double uptime = std::stod(io::read_file("/proc/uptime"));
    return uptime - ticks_to_seconds(std::stod(field));
}

double peak_memory() {
    return memory_of("VmHWM");
}

double memory_now() {
    return memory_of("VmRSS");
}

}  // namespace promptcl::cli

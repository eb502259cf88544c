#include "promptcl/engine/peak.h"

#include "promptcl/engine/kernels.h"
#include "promptcl/engine/workers.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <vector>

namespace promptcl::engine {
namespace {

double best_rate(const Kernels& table) {
    constexpr int kSlices = 40;
    constexpr std::int64_t kLoop = 200'000;  // well below a millisecond
    using Clock = std::chrono::steady_clock;
    double best = 0;
    for (int slice = 0; slice < kSlices; ++slice) {
        float result = 0;
        const auto start = Clock::now();
        const auto operations = static_cast<double>(table.multiply_add(kLoop, &result));
        const std::chrono::duration<double> elapsed = Clock::now() - start;
        best = std::max(best, operations / elapsed.count());
    }
    return best;
}

}  // namespace

double peak_gflops(Workers& workers) {
    const Kernels& table = kernels(usable_isas().back());
    std::vector<double> rates(static_cast<std::size_t>(workers.size()));
    workers.run(workers.size(), [&](int, std::int64_t item) { rates[item] = best_rate(table); });
    return std::accumulate(rates.begin(), rates.end(), 0.0) / 1e9;
}

}  // namespace promptcl::engine

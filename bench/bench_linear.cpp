// Linear layers of ViTs, forward and backward: GFLOP/s of each thread's processor time, beside the
// peak that is printed first.
#include "promptcl/core/cpus.h"
#include "promptcl/engine/linear.h"
#include "promptcl/engine/peak.h"
#include "promptcl/engine/workers.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace promptcl {
namespace {

struct Shape {
    const char* name;
    std::int64_t in, out;
};

constexpr Shape kShapes[] = {{"B_qkv", 768, 2304}, {"B_proj", 768, 768}, {"B_fc1", 768, 3072},
                             {"B_fc2", 3072, 768}, {"Ti_qkv", 192, 576}, {"Ti_proj", 192, 192},
                             {"Ti_fc1", 192, 768}, {"Ti_fc2", 768, 192}};

enum class Call { kApply, kAdd, kApplyTransposed };

/// Of ViT-B and ViT-Ti; each has weights of its own, cold when it begins.
constexpr int kBlocks = 12;

/// The layer of each block, one after the other; each thread has memory of its own.
void linear(benchmark::State& state, Shape shape, std::int64_t rows, Call call) {
    static std::optional<engine::FloatArena> memory;
    static std::vector<engine::FrozenLinear> layers;
    if (state.thread_index() == 0) {
        layers.clear();
        memory.emplace();
        const std::vector<float> weight(static_cast<std::size_t>(shape.in * shape.out), 0.01F);
        const std::vector<float> bias(static_cast<std::size_t>(shape.out), 0.5F);
        for (int block = 0; block < kBlocks; ++block) {
            layers.emplace_back(weight, bias, shape.in, shape.out,
                                engine::FrozenLinear::Passes::kBoth,
                                engine::FrozenLinear::With{*memory});
        }
    }
    std::vector<float> x(static_cast<std::size_t>(rows * shape.in), 0.25F);
    std::vector<float> y(static_cast<std::size_t>(rows * shape.out), 0.25F);
    std::size_t block = 0;
    for (auto _ : state) {
        const engine::FrozenLinear& layer = layers[block++ % kBlocks];
        if (call == Call::kApply) layer.apply(x.data(), rows, y.data());
        if (call == Call::kAdd) layer.add(x.data(), rows, y.data());
        if (call == Call::kApplyTransposed) layer.apply_transposed(y.data(), rows, x.data());
    }
    const auto operations = static_cast<double>(2 * rows * shape.in * shape.out) *
                            static_cast<double>(state.iterations());
    state.counters["GFLOP/s"] = benchmark::Counter(operations / 1e9, benchmark::Counter::kIsRate);
}

}  // namespace
}  // namespace promptcl

int main(int argc, char** argv) {
    using namespace promptcl;
    benchmark::Initialize(&argc, argv);
    const int cpus = usable_cpus();
    engine::Workers one(1), all(cpus);
    std::printf("peak: %.0f GFLOP/s with one thread, %.0f with %d\n", engine::peak_gflops(one),
                engine::peak_gflops(all), cpus);
    for (const Shape& shape : kShapes) {
        for (const std::int64_t rows : {1, 197, 222, 444, 888, 1776}) {
            const auto add = [&](const char* what, Call call) {
                const std::string name =
                    std::string(shape.name) + "/" + std::to_string(rows) + "/" + what;
                benchmark::RegisterBenchmark(name.c_str(), linear, shape, rows, call)
                    ->Threads(1)
                    ->Threads(cpus);
            };
            add("apply", Call::kApply);
            add("add", Call::kAdd);
            add("transposed", Call::kApplyTransposed);
        }
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

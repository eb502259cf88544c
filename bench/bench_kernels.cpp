// Attention, GELU and layer normalisation of one image on one core, beside that core's peak of
// multiply-adds; once for each instruction set.
#include "promptcl/core/rng.h"
#include "promptcl/engine/kernels.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

namespace promptcl::engine {
namespace {

std::vector<float> normals(std::int64_t n) {
    Rng rng(1);
    std::vector<float> values(n);
    for (float& value : values)
        value = static_cast<float>(rng.normal());
    return values;
}

void count(benchmark::State& state, double flops) {
    state.counters["flop/s"] =
        benchmark::Counter(flops, benchmark::Counter::kIsIterationInvariantRate);
}

void peak(benchmark::State& state, Isa isa) {
    constexpr std::int64_t kLoop = 1000;
    std::int64_t flops = 0;
    for (auto _ : state) {
        float result = 0;
        flops = kernels(isa).multiply_add(kLoop, &result);
        benchmark::DoNotOptimize(result);
    }
    count(state, static_cast<double>(flops));
}

struct Shape {
    const char* name;
    std::int64_t heads, queries, keys, prefix, first, wanted;  // gradients of `wanted` rows
};

/// One image's attention, q, k and v as parts of one matrix [T, 3 D].
struct Workload {
    static constexpr std::int64_t kHeadWidth = 64;
    Shape shape;
    std::int64_t width = shape.heads * kHeadWidth;
    std::vector<float> qkv = normals(shape.keys * 3 * width),
                       prefix = normals(shape.prefix * width), out = normals(shape.keys * width),
                       d_out = normals(shape.keys * width), d_qkv = qkv, d_prefix = prefix,
                       d_prefix_value = prefix, log_sum = normals(shape.heads * shape.keys);
    std::vector<float> scratch;

    explicit Workload(const Shape& of) : shape(of) {
        for (float& value : qkv)
            value *= 0.35F;  // logits of variance 1
        scratch.resize(attention_scratch(inputs()));
    }
    Attention inputs() const {
        return {shape.heads, kHeadWidth,         shape.queries,          shape.keys, shape.prefix,
                qkv.data(),  qkv.data() + width, qkv.data() + 2 * width, 3 * width,  3 * width,
                3 * width,   prefix.data(),      prefix.data()};
    }
    AttentionGradient gradient() {
        return {out.data(),
                d_out.data(),
                width,
                log_sum.data(),
                {shape.first, shape.wanted},
                d_qkv.data(),
                d_qkv.data() + width,
                d_qkv.data() + 2 * width,
                3 * width,
                3 * width,
                3 * width,
                d_prefix.data(),
                d_prefix_value.data()};
    }
    /// One product [rows, E] x [E, columns] of each head.
    double product(std::int64_t rows, std::int64_t columns) const {
        return 2.0 * static_cast<double>(shape.heads * rows * columns * kHeadWidth);
    }
};

void forward(benchmark::State& state, Isa isa, const Shape& shape) {
    Workload work(shape);
    for (auto _ : state) {
        kernels(isa).attention(work.inputs(), work.out.data(), work.width, work.log_sum.data(),
                               work.scratch.data());
        benchmark::ClobberMemory();
    }
    count(state, 2 * work.product(shape.queries, shape.keys + shape.prefix));
}

void backward(benchmark::State& state, Isa isa, const Shape& shape) {
    Workload work(shape);
    kernels(isa).attention(work.inputs(), work.out.data(), work.width, work.log_sum.data(),
                           work.scratch.data());
    for (auto _ : state) {
        kernels(isa).attention_backward(work.inputs(), work.gradient(), work.scratch.data());
        benchmark::ClobberMemory();
    }
    const std::int64_t wanted = shape.prefix + shape.wanted, total = shape.prefix + shape.keys;
    const std::int64_t full = shape.wanted == 0             ? 0
                              : shape.queries == shape.keys ? shape.wanted
                                                            : shape.queries;
    count(state, 3 * work.product(full, total) + 2 * work.product(full, wanted) +
                     4 * work.product(shape.queries - full, wanted));
}

void gelu(benchmark::State& state, Isa isa, Gelu form, bool slope) {
    constexpr std::int64_t kCount = 64 * 1024;
    const auto fresh = normals(kCount);
    auto x = fresh, slopes = fresh;
    for (auto _ : state) {
        state.PauseTiming();  // applied again and again it would leave the normal numbers
        x = fresh;
        state.ResumeTiming();
        if (slope) {
            kernels(isa).gelu_with_slope(x.data(), slopes.data(), kCount, form);
        } else {
            kernels(isa).gelu(x.data(), kCount, form);
        }
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * kCount);
}

void normalize(benchmark::State& state, Isa isa, bool backward) {
    constexpr std::int64_t kRows = 222, kWidth = 768;
    const auto x = normals(kRows * kWidth);
    auto normal = x, dx = x, rstd = normals(kRows);
    for (auto _ : state) {
        if (backward) {
            kernels(isa).normalize_backward(x.data(), normal.data(), rstd.data(), kRows, kWidth,
                                            dx.data());
        } else {
            kernels(isa).normalize(x.data(), kRows, kWidth, normal.data(), rstd.data());
        }
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * kRows * kWidth);
}

const std::vector<Shape> kForwardShapes = {{"vit_ti_197", 3, 197, 197, 0, 0, 0},
                                           {"vit_ti_222", 3, 222, 222, 0, 0, 0},
                                           {"vit_b_197", 12, 197, 197, 0, 0, 0},
                                           {"vit_b_222", 12, 222, 222, 0, 0, 0},
                                           {"vit_b_197_prefix_20", 12, 197, 197, 20, 0, 0}};
const std::vector<Shape> kBackwardShapes = {{"vit_ti_197", 3, 197, 197, 0, 0, 197},
                                            {"vit_ti_222", 3, 222, 222, 0, 0, 222},
                                            {"vit_b_222", 12, 222, 222, 0, 0, 222},
                                            {"vit_b_222_rows_of_25", 12, 222, 222, 0, 1, 25},
                                            {"vit_b_197_prefix_20", 12, 197, 197, 20, 0, 197},
                                            {"vit_b_197_only_prefix_20", 12, 197, 197, 20, 0, 0}};

}  // namespace
}  // namespace promptcl::engine

int main(int argc, char** argv) {
    using namespace promptcl::engine;
    benchmark::Initialize(&argc, argv);
    for (const Isa isa : usable_isas()) {
        const auto add = [isa](const std::string& name, auto function, auto... arguments) {
            benchmark::RegisterBenchmark((std::string(name_of(isa)) + "/" + name).c_str(), function,
                                         isa, arguments...);
        };
        add("peak", peak);
        for (const Shape& shape : kForwardShapes)
            add(std::string("attention/") + shape.name, forward, shape);
        for (const Shape& shape : kBackwardShapes)
            add(std::string("attention_backward/") + shape.name, backward, shape);
        add("gelu_tanh", gelu, Gelu::kTanh, false);
        add("gelu_erf", gelu, Gelu::kErf, false);
        add("gelu_tanh_with_slope", gelu, Gelu::kTanh, true);
        add("gelu_erf_with_slope", gelu, Gelu::kErf, true);
        add("normalize", normalize, false);
        add("normalize_backward", normalize, true);
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

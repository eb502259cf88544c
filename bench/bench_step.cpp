// Images a second of the query pass, a training step and an evaluation step, on a ViT file:
//
//   bench_step ViT.npz [benchmark's own flags]
#include "promptcl/config/load.h"
#include "promptcl/train/experiment.h"
#include "promptcl/train/gradient_step.h"
#include "promptcl/train/optimizer.h"

#include <ATen/ATen.h>
#include <benchmark/benchmark.h>

#include <cstdio>

namespace promptcl {
namespace {

constexpr std::int64_t kClasses = 100;

/// A method on random images, as one training step sees them.
struct Workload {
    config::Config config;
    std::unique_ptr<method::Method> method;
    method::TrainingBatch batch;

    Workload(const std::string& backbone, const char* name)
        : config(config::method_defaults(name)) {
        config.model_name = "auto";
        config.init_checkpoint = backbone;
        const auto checkpoint = backbone::read_checkpoint(backbone, config.model_name);
        const auto vit = train::open_backbone(config, checkpoint);
        method = method::make_method(config, vit, kClasses, Rng(1));
        const std::int64_t size = config.per_device_batch_size, side = config.input_size;
        batch = {.images = at::rand({size, 3, side, side}),
                 .labels = at::arange(size, at::kLong).remainder(10),
                 .rules = method::rules_of_task(config, 0, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})};
    }
    void count(benchmark::State& state) const {
        state.SetItemsProcessed(state.iterations() * config.per_device_batch_size);
    }
};

void query(benchmark::State& state, const std::string& backbone, const char* name) {
    const Workload work(backbone, name);
    for (auto _ : state)
        benchmark::DoNotOptimize(work.method->query(work.batch.images));
    work.count(state);
}

void training_step(benchmark::State& state, const std::string& backbone, const char* name) {
    Workload work(backbone, name);
    train::Optimizer optimizer(work.config, work.method->parameters());
    for (auto _ : state) {
        auto gradients = train::gradients_of(*work.method, {work.batch});
        train::clip(gradients, work.config.grad_clip_max_norm);
        optimizer.step(gradients.values, 1e-3);
    }
    work.count(state);
}

void evaluation_step(benchmark::State& state, const std::string& backbone, const char* name) {
    const Workload work(backbone, name);
    for (auto _ : state) {
        const Tensor features = work.method->query(work.batch.images);
        const Tensor chosen = work.method->choose(features, method::Choice::kConfigured);
        benchmark::DoNotOptimize(work.method->logits(work.batch.images, features, chosen));
    }
    work.count(state);
}

}  // namespace
}  // namespace promptcl

int main(int argc, char** argv) {
    using namespace promptcl;
    if (argc < 2 || argv[1][0] == '-') {
        std::fprintf(stderr, "usage: bench_step ViT.npz [--benchmark_...]\n");
        return 2;
    }
    const std::string backbone = argv[1];
    argv[1] = argv[0];
    int count = argc - 1;
    benchmark::Initialize(&count, argv + 1);
    tensor::set_threads(0);
    for (const char* name : {"l2p", "dualprompt"}) {
        const auto add = [&](const char* what, auto function) {
            benchmark::RegisterBenchmark((std::string(what) + "/" + name).c_str(), function,
                                         backbone, name)
                ->UseRealTime()
                ->Unit(benchmark::kMillisecond);
        };
        add("query", query);
        add("training_step", training_step);
        add("evaluation_step", evaluation_step);
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

#include "promptcl/backbone/random_checkpoint.h"
#include "promptcl/cli/bench_growth.h"
#include "promptcl/cli/bench_machine.h"
#include "promptcl/cli/bench_process.h"
#include "promptcl/cli/bench_workload.h"
#include "promptcl/cli/commands.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/cli/progress_line.h"
#include "promptcl/config/print.h"
#include "promptcl/core/error.h"
#include "promptcl/engine/peak.h"
#include "promptcl/engine/workers.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/npz.h"
#include "promptcl/io/temporary_folder.h"
#include "promptcl/method/trained_vit.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

backbone::Checkpoint draw_checkpoint(const config::Config& config) {
    const backbone::Geometry& geometry = *backbone::find_variant(config.model_name);
    return backbone::random_checkpoint(geometry, config.images.input_size / geometry.patch, Rng(1));
}

backbone::Checkpoint read_checkpoint(const config::Config& config) {
    return backbone::read_checkpoint(config.init_checkpoint, config.model_name);
}

/// All that can compute what the configuration asks for.
std::vector<std::string> engines_for(const config::Config& config) {
    const backbone::Geometry geometry =
        config.init_checkpoint.empty()
            ? *backbone::find_variant(config.model_name)
            : backbone::survey(config.init_checkpoint, config.model_name).geometry;
    const auto reason = method::needs_plain(config, geometry);
    if (!reason && config.device == "cuda") return {"plain", "native", std::string(kGpuEngine)};
    if (!reason) return {"plain", "native"};
    fmt::print(stderr, "promptcl: note: only the plain engine can compute this: {}\n", *reason);
    return {"plain"};
}

/// Measures every engine in a new process, from a file even where the weights are drawn; returns
/// what is in that file.
backbone::Checkpoint measure_starts(const BenchOptions& options, BenchFigures& figures,
                                    ProgressLine& line) {
    const io::TemporaryFolder scratch;
    config::Config config = options.config;
    if (config.init_checkpoint.empty()) {
        config.init_checkpoint = (scratch.path() / "vit.npz").string();
        line.show("writing random weights", 0, "");
        io::write_npz(config.init_checkpoint, draw_checkpoint(config).arrays);
    }
    const fs::path file = scratch.path() / "config.toml";
    io::write_file_atomically(file, config::to_toml(config));
    for (const std::string& engine : options.engines) {
        line.show("starting", static_cast<std::int64_t>(figures.engines.size()),
                  static_cast<std::int64_t>(options.engines.size()), engine);
        figures.engines.push_back({.engine = engine, .fresh = measure_fresh_process(file, engine)});
        if (interrupted()) throw Interrupted();
    }
    return read_checkpoint(config);
}

void compare(std::vector<Workload>& workloads, const std::string& gpu_precision,
             BenchFigures& figures) {
    const auto reference = workloads.front().outputs();
    for (std::size_t i = 1; i < workloads.size(); ++i) {
        EngineFigures& engine = figures.engines[i];
        engine.difference = difference(reference, workloads[i].outputs());
        engine.difference.coarse = engine.engine == kGpuEngine && gpu_precision != "fp32";
    }
}

/// Every engine in turn for each measure, in every second round the last one first.
void measure_speeds(std::vector<Workload>& workloads, const BenchOptions& options,
                    BenchFigures& figures, ProgressLine& line) {
    for (auto& workload : workloads) {
        for (const Measure measure : kMeasures)
            workload.run(measure);
    }
    const CpuWatch cpus;
    const auto total = options.rounds * static_cast<std::int64_t>(kMeasures.size());
    std::int64_t done = 0;
    for (std::int64_t round = 0; round < options.rounds; ++round) {
        for (std::size_t measure = 0; measure < kMeasures.size(); ++measure) {
            line.show("measuring", done++, total, std::string(name_of(kMeasures[measure])));
            for (std::size_t turn = 0; turn < workloads.size(); ++turn) {
                if (interrupted()) throw Interrupted();
                const std::size_t i = round % 2 == 0 ? turn : workloads.size() - 1 - turn;
                figures.engines[i].speeds[measure].push_back(measure_speed(
                    workloads[i], kMeasures[measure], figures.batch, options.seconds));
            }
        }
    }
    figures.others = cpus.share_of_others();
}

/// What measure_fresh_process() asks a new process for.
int run_once(const BenchOptions& options) {
    Workload workload(options.config, options.engines.front(), read_checkpoint(options.config));
    const double first_step = seconds_since_start();
    workload.run(Measure::kTraining);
    workload.run(Measure::kTraining);
    workload.run(Measure::kEvaluation);
    const nlohmann::ordered_json said = {{"seconds_to_first_step", first_step},
                                         {"peak_memory_bytes", peak_memory()}};
    fmt::print("{}\n", said.dump());
    return static_cast<int>(ExitCode::kSuccess);
}

int compare_engines(const BenchOptions& options) {
    const config::Config& config = options.config;
    BenchFigures figures{.method = config.method,
                         .batch = config.per_device_batch_size,
                         .input_size = config.images.input_size,
                         .threads = tensor::threads()};
    ProgressLine line;
    const auto checkpoint = measure_starts(options, figures, line);
    const backbone::Geometry& geometry = checkpoint.survey.geometry;
    figures.backbone = geometry.name + (config.init_checkpoint.empty() ? ", random weights" : "");
    for (std::size_t i = 0; i < kMeasures.size(); ++i)
        figures.flops[i] = flops_per_image(config, geometry, kMeasures[i]);
    engine::Workers workers(static_cast<int>(figures.threads));
    figures.peak_gflops = engine::peak_gflops(workers);

    std::vector<Workload> workloads;
    for (const std::string& engine : options.engines)
        workloads.emplace_back(config, engine, checkpoint);
    compare(workloads, config.precision, figures);
    if (figures.outputs_agree()) measure_speeds(workloads, options, figures, line);
    line.clear();
    fmt::print("{}", options.json ? to_json(figures).dump(2) + "\n" : to_text(figures));
    return static_cast<int>(figures.outputs_agree() ? ExitCode::kSuccess : ExitCode::kCheckFailed);
}

}  // namespace

int run_bench(const BenchOptions& given) {
    tensor::set_threads(given.config.num_threads);
    if (given.once) return run_once(given);
    watch_for_interrupts();
    BenchOptions options = given;
    if (options.engines.empty()) options.engines = engines_for(options.config);
    if (!options.growth) return compare_engines(options);
    const config::Config& config = options.config;
    return run_growth(options, config.init_checkpoint.empty() ? draw_checkpoint(config)
                                                              : read_checkpoint(config));
}

}  // namespace promptcl::cli

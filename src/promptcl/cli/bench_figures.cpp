#include "promptcl/cli/bench_figures.h"

#include "promptcl/cli/bench_options.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/human.h"
#include "promptcl/report/statistics.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

constexpr double kQuiet = 0.1;  // share of the CPUs that others may take before speeds mean little

double median_of(const std::vector<Speed>& speeds, double Speed::*member) {
    std::vector<double> values(speeds.size());
    std::ranges::transform(speeds, values.begin(), member);
    return report::spread(values).median;
}

double share_of_peak(const BenchFigures& figures, const EngineFigures& engine,
                     std::size_t measure) {
    const double rate = median_of(engine.speeds[measure], &Speed::images_per_second);
    return rate * figures.flops[measure] / (figures.peak_gflops * 1e9);
}

/// Of what one CPU could have done in the CPU time that the process got.
double share_in_cpu_time(const BenchFigures& figures, const EngineFigures& engine,
                         std::size_t measure) {
    const double seconds = median_of(engine.speeds[measure], &Speed::cpu_seconds_per_image);
    const double peak_of_one = figures.peak_gflops * 1e9 / static_cast<double>(figures.threads);
    return seconds > 0 ? figures.flops[measure] / (seconds * peak_of_one) : 0;
}

/// How many times as fast as the first engine, round by round.
report::Spread ratio(const BenchFigures& figures, const EngineFigures& engine,
                     std::size_t measure) {
    const auto& first = figures.engines.front().speeds[measure];
    const auto& own = engine.speeds[measure];
    std::vector<double> rounds;
    for (std::size_t round = 0; round < std::min(first.size(), own.size()); ++round)
        rounds.push_back(own[round].images_per_second / first[round].images_per_second);
    return report::spread(rounds);
}

Row speeds(const BenchFigures& figures, std::size_t measure) {
    Row row{std::string(name_of(kMeasures[measure]))};
    for (const auto& engine : figures.engines) {
        const auto& speeds = engine.speeds[measure];
        row.push_back(fmt::format("{:.3g} images/s", median_of(speeds, &Speed::images_per_second)));
        if (engine.engine == kGpuEngine) continue;  // the peak is that of the CPUs
        row.back() += fmt::format(", {} ({})", percent(share_of_peak(figures, engine, measure), 0),
                                  percent(share_in_cpu_time(figures, engine, measure), 0));
    }
    for (std::size_t i = 1; i < figures.engines.size(); ++i) {
        const auto [median, least, most] = ratio(figures, figures.engines[i], measure);
        row.push_back(fmt::format("{:.2f} ({:.2f} to {:.2f})", median, least, most));
    }
    return row;
}

template <class Text, class Figure>
Row fresh_starts(const BenchFigures& figures, const char* name, Text text, Figure figure) {
    Row row{name};
    for (const auto& engine : figures.engines)
        row.push_back(text(engine.fresh.*figure));
    const double first = figures.engines.front().fresh.*figure;
    for (std::size_t i = 1; i < figures.engines.size(); ++i)
        row.push_back(fmt::format("{:.2f}", figures.engines[i].fresh.*figure / first));
    return row;
}

std::string outputs(const BenchFigures& figures) {
    std::string text;
    for (std::size_t i = 1; i < figures.engines.size(); ++i) {
        const auto& [engine, fresh, difference, speed] = figures.engines[i];
        text += fmt::format(
            "{} against {}: logits differ by {:.1e} (allowed {:.0e}), gradients by {:.1e} of their "
            "largest (allowed {:.0e}), {} prompts: {}\n",
            engine, figures.engines.front().engine, difference.logits, kLogitsTolerance,
            difference.gradients, kGradientsTolerance,
            difference.same_prompts ? "the same" : "OTHER",
            difference.coarse     ? "not judged"
            : difference.passes() ? "ok"
                                  : "FAILS");
    }
    return text;
}

}  // namespace

bool BenchFigures::outputs_agree() const {
    return std::ranges::all_of(engines,
                               [](const auto& engine) { return engine.difference.passes(); });
}

std::string to_text(const BenchFigures& figures) {
    std::string text = fmt::format(
        "{}, {}, batch {}, {} x {} pixels, {} thread{}, peak {:.0f} GFLOP/s\n", figures.backbone,
        figures.method, figures.batch, figures.input_size, figures.input_size, figures.threads,
        figures.threads == 1 ? "" : "s", figures.peak_gflops);
    text += outputs(figures) + "\n";
    if (!figures.outputs_agree()) return text;
    Row header{""};
    for (const auto& engine : figures.engines)
        header.push_back(engine.engine);
    for (std::size_t i = 1; i < figures.engines.size(); ++i) {
        header.push_back(
            fmt::format("{} : {}", figures.engines[i].engine, figures.engines.front().engine));
    }
    std::vector<Row> rows;
    for (std::size_t measure = 0; measure < kMeasures.size(); ++measure)
        rows.push_back(speeds(figures, measure));
    rows.push_back(fresh_starts(
        figures, "start to first step", [](double s) { return fmt::format("{:.2f} s", s); },
        &FreshStart::seconds_to_first_step));
    rows.push_back(fresh_starts(figures, "peak memory", human_bytes, &FreshStart::peak_bytes));
    text += format_table(header, rows);
    text += fmt::format(
        "\n%: of the peak (in brackets: of the peak in the CPU time that the engine got), counting "
        "the "
        "whole work,\n{:.4g}, {:.4g}, {:.4g} and {:.4g} GFLOP an image\n",
        figures.flops[0] / 1e9, figures.flops[1] / 1e9, figures.flops[2] / 1e9,
        figures.flops[3] / 1e9);
    text += fmt::format(
        "other programs took {} of the CPUs{}\n", percent(figures.others, 0),
        figures.others > kQuiet ? ": speeds and shares are too low, ratios less so" : "");
    return text;
}

nlohmann::ordered_json to_json(const BenchFigures& figures) {
    auto engines = nlohmann::ordered_json::array();
    for (const auto& engine : figures.engines) {
        nlohmann::ordered_json entry = {
            {"engine", engine.engine},
            {"seconds_to_first_step", engine.fresh.seconds_to_first_step},
            {"peak_memory_bytes", engine.fresh.peak_bytes},
            {"outputs",
             {{"logits", engine.difference.logits},
              {"gradients", engine.difference.gradients},
              {"same_prompts", engine.difference.same_prompts},
              {"passes", engine.difference.passes()}}}};
        for (std::size_t measure = 0; measure < kMeasures.size(); ++measure) {
            const auto& speeds = engine.speeds[measure];
            if (speeds.empty()) continue;
            std::vector<double> rates, cpu_seconds;
            for (const auto& [rate, seconds] : speeds) {
                rates.push_back(rate);
                cpu_seconds.push_back(seconds);
            }
            const auto [median, least, most] = ratio(figures, engine, measure);
            entry[std::string(key_of(kMeasures[measure]))] = {
                {"images_per_second", rates},
                {"median", report::spread(rates).median},
                {"share_of_peak", share_of_peak(figures, engine, measure)},
                {"cpu_seconds_per_image", cpu_seconds},
                {"share_of_peak_in_cpu_time", share_in_cpu_time(figures, engine, measure)},
                {"ratio", {{"median", median}, {"least", least}, {"most", most}}}};
            if (engine.engine == kGpuEngine) {
                auto& of_measure = entry[std::string(key_of(kMeasures[measure]))];
                of_measure.erase("share_of_peak");
                of_measure.erase("share_of_peak_in_cpu_time");
            }
        }
        engines.push_back(std::move(entry));
    }
    nlohmann::ordered_json flops;
    for (std::size_t measure = 0; measure < kMeasures.size(); ++measure)
        flops[std::string(key_of(kMeasures[measure]))] = figures.flops[measure];
    return {{"backbone", figures.backbone},
            {"method", figures.method},
            {"batch", figures.batch},
            {"input_size", figures.input_size},
            {"threads", figures.threads},
            {"peak_gflops", figures.peak_gflops},
            {"share_of_others", figures.others},
            {"flops_per_image", flops},
            {"engines", engines}};
}

}  // namespace promptcl::cli

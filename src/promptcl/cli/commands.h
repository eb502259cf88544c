// The commands, each with what its command line asked for.
#pragma once

#include "promptcl/cli/bench_options.h"
#include "promptcl/cli/data_options.h"
#include "promptcl/cli/form.h"
#include "promptcl/cli/learn_options.h"
#include "promptcl/cli/model_options.h"
#include "promptcl/cli/serve_options.h"
#include "promptcl/cli/table_options.h"
#include "promptcl/config/config.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace promptcl::cli {

struct TrainOptions {
    config::Config config;  // effective and without problems; its paths are absolute
    std::filesystem::path workdir;
    bool quiet = false;              // results and warnings only
    std::vector<std::string> notes;  // on the configuration, for the user
};

struct EvalOptions {
    config::Config config;  // the run's, with what the command line may change
    std::filesystem::path workdir;
    std::optional<std::filesystem::path> predictions;  // .npz to write
    bool json = false;
};

struct SelfcheckOptions {
    std::filesystem::path folder;
    bool json = false;
};

struct DemoOptions {
    std::filesystem::path workdir = "promptcl-demo";
};

struct PretrainOptions {
    std::filesystem::path output;  // .npz to write
    std::int64_t epochs = 16;
    std::int64_t seed = 0;
    std::int64_t num_threads = 0;  // 0: one a core
};

struct InspectOptions {
    std::vector<std::filesystem::path> paths;
    bool diff = false;  // compare the configurations of two paths
    bool toml = false;  // print the configuration of the one path as a file to use
    bool json = false;
};

struct ReportOptions {
    std::vector<std::filesystem::path> runs;
    std::filesystem::path output;  // .html to write
    bool images = true;            // show examples, where the data is there
};

enum class Listing { kMethods, kDatasets, kBackbones, kConfigs, kPresets, kTables, kKeys };
struct ListOptions {
    Listing what = Listing::kMethods;
    Form form = Form::kTable;
};

/// `--help` and `--version`.
struct ShowText {
    std::string text;
};

using Command =
    std::variant<ShowText, ListOptions, InspectOptions, TableOptions, ReportOptions,
                 DataListOptions, DataFetchOptions, DataCheckOptions, AuditOptions, ExportOptions,
                 ModelOptions, PredictOptions, ServeOptions, TrainOptions, EvalOptions,
                 LearnOptions, BenchOptions, SelfcheckOptions, DemoOptions, PretrainOptions>;

// Each runs one command, prints to standard output and returns the exit code (core/error.h). What
// goes wrong is thrown. The first ones are part of `promptcl`, the others of `promptcl-torch`.
int run_list(const ListOptions& options);
int run_inspect(const InspectOptions& options);
int run_table(const TableOptions& options);
int run_report(const ReportOptions& options);
int run_data_list(const DataListOptions& options);
int run_data_fetch(const DataFetchOptions& options);
int run_data_check(const DataCheckOptions& options);
int run_audit(const AuditOptions& options);
int run_export(const ExportOptions& options);
int run_model(const ModelOptions& options);
int run_serve(const ServeOptions& options);
int run_predict(const PredictOptions& options);
/// Whether run_predict() cannot answer: the run's ViT was trained too, or another engine is asked
/// for. run_predict_plain() can.
bool needs_torch(const PredictOptions& options);

int run_train(const TrainOptions& options);
int run_eval(const EvalOptions& options);
int run_predict_plain(const PredictOptions& options);
int run_learn(const LearnOptions& options);
int run_bench(const BenchOptions& options);
int run_selfcheck(const SelfcheckOptions& options);
int run_demo(const DemoOptions& options);
int run_pretrain(const PretrainOptions& options);

}  // namespace promptcl::cli

// The program `promptcl-torch`: runs the commands that compute. `promptcl` becomes it.
#include "promptcl/cli/command_line.h"
#include "promptcl/cli/failure.h"
#include "promptcl/core/error.h"
#include "promptcl/tensor/failure.h"

#include <variant>

namespace {

using namespace promptcl;

struct Runner {
    int operator()(const cli::TrainOptions& options) const { return cli::run_train(options); }
    int operator()(const cli::EvalOptions& options) const { return cli::run_eval(options); }
    int operator()(const cli::PredictOptions& options) const {
        return cli::run_predict_plain(options);
    }
    int operator()(const cli::LearnOptions& options) const { return cli::run_learn(options); }
    int operator()(const cli::BenchOptions& options) const { return cli::run_bench(options); }
    int operator()(const cli::SelfcheckOptions& options) const {
        return cli::run_selfcheck(options);
    }
    int operator()(const cli::DemoOptions& options) const { return cli::run_demo(options); }
    int operator()(const cli::PretrainOptions& options) const { return cli::run_pretrain(options); }
    template <class Options>
    int operator()(const Options&) const {
        throw UsageError("promptcl-torch runs only what needs LibTorch", "call promptcl instead");
    }
};

}  // namespace

int main(int argc, char** argv) {
    try {
        const int code = tensor::without_torch_errors(
            [&] { return std::visit(Runner{}, cli::parse(argc, argv)); });
        cli::finish_output();
        return code;
    } catch (const std::exception& failure) {
        return cli::report_failure(failure);
    }
}

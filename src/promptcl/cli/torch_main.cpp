// The program `promptcl-torch`: runs the commands that compute. `promptcl` becomes it.
#include "promptcl/cli/command_line.h"
#include "promptcl/cli/failure.h"
#include "promptcl/core/error.h"

#include <c10/util/Exception.h>

#include <new>
#include <string>
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

/// What LibTorch throws, without its stack of C++ frames.
int report_torch_error(const c10::Error& error) {
    const std::string reason = error.what_without_backtrace();
    if (reason.find("allocate memory") != std::string::npos) {
        return cli::report_failure(std::bad_alloc());
    }
    return cli::report_failure(Bug(reason));
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const int code = std::visit(Runner{}, cli::parse(argc, argv));
        cli::finish_output();
        return code;
    } catch (const c10::Error& error) {
        return report_torch_error(error);
    } catch (const std::exception& failure) {
        return cli::report_failure(failure);
    }
}

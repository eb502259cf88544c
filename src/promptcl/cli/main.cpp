// The program `promptcl`: understands and checks the whole command line without LibTorch, answers
// what can be answered without it, and becomes `promptcl-torch` for the rest.
#include "promptcl/cli/command_line.h"
#include "promptcl/cli/failure.h"
#include "promptcl/cli/torch_environment.h"
#include "promptcl/core/error.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using namespace promptcl;

/// Beside this program as built, or in libexec as installed.
fs::path torch_program() {
    const fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
    for (const fs::path place : {"promptcl-torch", "../libexec/promptcl/promptcl-torch"}) {
        std::error_code failure;
        if (fs::exists(folder / place, failure)) return folder / place;
    }
    throw Error(fmt::format("there is no promptcl-torch beside {}/promptcl", folder.string()),
                "build or install promptcl again");
}

/// The same process goes on as promptcl-torch, so that signals and the exit code need no relay.
[[noreturn]] void become_torch_program(char** argv) {
    cli::set_torch_environment();
    const fs::path program = torch_program();
    ::execv(program.c_str(), argv);
    throw Error(fmt::format("cannot run {}: {}", program.string(), std::strerror(errno)),
                "build or install promptcl again");
}

struct Runner {
    char** argv;

    int operator()(const cli::ShowText& shown) const {
        fmt::print("{}", shown.text);
        return static_cast<int>(ExitCode::kSuccess);
    }
    int operator()(const cli::ListOptions& options) const { return cli::run_list(options); }
    int operator()(const cli::InspectOptions& options) const { return cli::run_inspect(options); }
    int operator()(const cli::TableOptions& options) const { return cli::run_table(options); }
    int operator()(const cli::ReportOptions& options) const { return cli::run_report(options); }
    int operator()(const cli::DataListOptions& options) const {
        return cli::run_data_list(options);
    }
    int operator()(const cli::DataFetchOptions& options) const {
        return cli::run_data_fetch(options);
    }
    int operator()(const cli::DataCheckOptions& options) const {
        return cli::run_data_check(options);
    }
    int operator()(const cli::AuditOptions& options) const { return cli::run_audit(options); }
    int operator()(const cli::ExportOptions& options) const { return cli::run_export(options); }
    int operator()(const cli::ModelOptions& options) const { return cli::run_model(options); }
    int operator()(const cli::ServeOptions& options) const { return cli::run_serve(options); }
    int operator()(const cli::PredictOptions& options) const {
        if (cli::needs_torch(options)) become_torch_program(argv);
        return cli::run_predict(options);
    }
    template <class Options>
    int operator()(const Options&) const {
        become_torch_program(argv);
    }
};

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGXFSZ, SIG_IGN);  // a file grown too large is a failed write, with a sentence
    try {
        const int code = std::visit(Runner{argv}, cli::parse(argc, argv));
        cli::finish_output();
        return code;
    } catch (const std::exception& failure) {
        return cli::report_failure(failure);
    }
}

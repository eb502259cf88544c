#include "promptcl/train/pretrain.h"

#include "promptcl/cli/commands.h"
#include "promptcl/cli/console.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/core/error.h"
#include "promptcl/io/npz.h"

#include <fmt/format.h>

namespace promptcl::cli {

int run_pretrain(const PretrainOptions& options) {
    watch_for_interrupts();
    tensor::set_threads(options.num_threads);
    Console console;
    train::PretrainPlan plan;
    plan.epochs = options.epochs;
    plan.seed = options.seed;
    const auto result = train::pretrain(plan, console, interrupted);
    if (!result) {
        fmt::print(stderr, "promptcl: stopped; pre-training keeps no state, {} was not written\n",
                   options.output.string());
        return interrupt_exit_code();
    }
    io::write_npz(options.output, result->arrays);
    fmt::print("{}: a ViT with {}, {:.1f} % of held-out images of its own 20 classes right\n",
               options.output.string(), plan.geometry.describe(), 100 * result->test_accuracy);
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli

// What `promptcl bench --help` says below the options.
#pragma once

#include <string_view>

namespace promptcl::cli::help {

inline constexpr std::string_view kBench =
    R"(Example:
  promptcl bench
  promptcl bench --config cifar100_dualprompt --set init_checkpoint=ViT-B_16.npz
  promptcl bench --model ViT-Ti_16 --engine plain --engine native --rounds 9 --json
  promptcl bench --model ViT-Ti_16 --growth
  promptcl bench --set device=cuda --set precision=bf16

On random images that lie ready in memory. First every engine runs in a process of its own: the time
from its start to the beginning of its first training step, and its peak memory over two training steps and
an evaluation step. Then logits, gradients and chosen prompts are compared; the exit code is 1, and
nothing more is measured, where they differ by more than rounding. Then the engines take turns: query
pass, training step, evaluation step with the query pass and without it.

Speeds are medians over the rounds, ratios the median, least and greatest of the rounds' own ratios.
Percentages are of the multiply-add peak measured at the same time, and count the whole work of every
pass, whatever an engine leaves out. docs/performance.md holds the formula.

With device=cuda the GPU is one more engine, "cuda". In tf32 and bf16 its outputs are compared, but not
judged; no share of a peak is shown of it, since the peak is that of the CPUs.

Writes nothing that stays: weights that are drawn lie in a temporary folder meanwhile.)";

}  // namespace promptcl::cli::help

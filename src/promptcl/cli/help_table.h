// What `promptcl table --help` says below the options.
#pragma once

#include <string_view>

namespace promptcl::cli::help {

inline constexpr std::string_view kTable =
    R"(Example:
  promptcl table --config cifar100_l2p --config cifar100_dualprompt --seeds 42,43,44 \
      --set init_checkpoint=ViT-B_16.npz --set data_dir=cifar-100-binary --workdir runs
  promptcl table --config cifar100_l2p --config cifar100_l2p,prompt_pool_param.length=5 ...
  promptcl table --table cifar100 --set init_checkpoint=ViT-B_16.npz --set data_dir=... --workdir runs
  promptcl table --table mine.toml --workdir runs --dry-run

Trains what is missing, each run in its own folder FOLDER/CONFIG-seedN (see promptcl train --help)
with its output in train.log there, and prints mean and sample standard deviation of average accuracy
and forgetting beside the published figures. A finished run is used again when its configuration and
backbone are the wanted ones, and refused otherwise; one that was interrupted goes on. A run that
fails does not stop the others: the table says why, and the exit code is 1.

--parallel N trains N runs at a time. A configuration with num_threads = 0 then gets the N-th part of
the cores; the number of threads stands in results.json, for it may change the last bits. Two runs of
one thread take about half the time of one after the other with two.

Ctrl-C saves all runs at work and leaves; the same command goes on. A table file is described in
docs/formats.md; `promptcl list tables` shows the shipped ones.)";

}  // namespace promptcl::cli::help

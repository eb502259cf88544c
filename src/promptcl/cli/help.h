// What `promptcl COMMAND --help` says below the options.
#pragma once

#include <string_view>

namespace promptcl::cli::help {

inline constexpr std::string_view kProgram =
    R"(Start here:
  promptcl demo
  promptcl data list
  promptcl list configs
  promptcl train --config cifar100_l2p --workdir ./l2p \
      --set init_checkpoint=ViT-B_16.npz --set data_dir=cifar-100-binary

Exit codes: 0 success; 1 a check did not hold; 2 the command line or configuration is wrong;
3 a file, the disk or the data is wrong; 70 a bug; 130 interrupted, everything is saved.)";

inline constexpr std::string_view kTrain =
    R"(Example:
  promptcl train --config cifar100_l2p --workdir ./l2p \
      --set init_checkpoint=ViT-B_16.npz --set data_dir=cifar-100-binary --set num_epochs=3
  promptcl train --workdir ./l2p                     goes on with a run that was interrupted

The original's flags do the same: --my_config FILE, its own configs/*.py too, --my_config.KEY=VALUE,
--exp_id NAME. Values are TOML or a bare
word; Python's True, False, None and (0, 1) are understood. `promptcl list keys` shows every key.

Writes into the run folder:
  config.toml                    the effective configuration
  events.out.tfevents.*          for tensorboard --logdir FOLDER
  results.json                   accuracy matrices, all metrics, times, versions, SHA-256 sums
  checkpoints/*.safetensors      what was learnt, and the state to go on from

Ctrl-C or SIGTERM saves and leaves; the same command goes on, to the same bits.)";

inline constexpr std::string_view kEval =
    R"(Example:
  promptcl eval ./l2p
  promptcl eval ./l2p --json --predictions l2p.npz
  promptcl eval ./l2p --predictions ./l2p/predictions.npz    what promptcl report looks for

Evaluates the newest checkpoint on the test images of every task it has learnt: prompts chosen as
configured, and by each image alone (instance/...).

Writes nothing but FILE of --predictions: logits [n, C], label, task, image_id (position in the test
file) and prompt_idx, and the same once more as instance/....)";

inline constexpr std::string_view kInspect =
    R"(Example:
  promptcl inspect ViT-B_16.npz model.safetensors    geometry, arrays, what is ignored
  promptcl inspect ./l2p                             a run: configuration, results, checkpoints
  promptcl inspect l2p/checkpoints/*.safetensors     arrays and metadata
  promptcl inspect cifar100_l2p                      effective configuration, what is wrong with it
  promptcl inspect cifar100_l2p@paper                the same with a preset over it
  promptcl inspect cifar100_l2p.py --toml            the original's Python file as a TOML file
  promptcl inspect --diff ./l2p cifar100_l2p@paper   where two configurations differ

Writes no file.)";

inline constexpr std::string_view kList =
    R"(Example:
  promptcl list methods
  promptcl list configs --json
  promptcl list presets --json                       each with its values

Writes no file.)";

inline constexpr std::string_view kSelfcheck =
    R"(Example:
  promptcl selfcheck golden

DIR holds a backbone tiny_vit.npz and cases, each a configuration NAME.json with arrays NAME.npz.
Every case is computed anew: features, prompt choice, loss, gradients, three training steps. Prints
the largest absolute and relative error of every array. The exit code is 1 when one is beyond 2e-4
of its array's largest magnitude. Writes no file.)";

inline constexpr std::string_view kDemo =
    R"(Example:
  promptcl demo
  promptcl demo --workdir /tmp/demo

Learns images that the program draws itself, with L2P, DualPrompt and two baselines, over a small
ViT that came with the program, and prints one table of accuracy and forgetting.

Writes one run folder for each method into FOLDER (see promptcl train --help).)";

inline constexpr std::string_view kPretrain =
    R"(Example:
  promptcl pretrain --output tiny_vit.npz

Trains a small ViT on the 20 drawn classes that the demo does not learn, and writes it in the layout
of the public .npz checkpoints. The one in assets/ was made this way.

Writes FILE.)";

}  // namespace promptcl::cli::help

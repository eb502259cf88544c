// What `promptcl predict`, `export`, `audit` and `model` say below the options.
#pragma once

#include <string_view>

namespace promptcl::cli::help {

inline constexpr std::string_view kPredict =
    R"(Example:
  promptcl predict pets.pcl cat.jpg photos/
  promptcl predict ./l2p cat.jpg                    the newest checkpoint of a run
  find photos -name '*.jpg' | promptcl predict pets.pcl - --format csv > answers.csv
  promptcl predict pets.pcl --watch inbox/ --reject 0.05 --json

Prints the most probable classes of each image, or --json: a JSON object a line, or --format csv. Each
image is seen alone: what stands beside it never changes its answer. The probabilities of a model file
are calibrated on test images (`promptcl export`), those of a run are not. With --reject an image is
marked that looks unlike all that was learnt; about that share of known images is marked wrongly. A
model file needs its backbone, looked for beside it by its name. Writes no file.)";

inline constexpr std::string_view kExport =
    R"(Example:
  promptcl export ./l2p pets.pcl
  promptcl export ./l2p pets.pcl --images_per_class 20
  promptcl export ./l2p pets.pcl --without_images    the data are gone: no calibration, no --reject

Writes one file: prompts, keys, head, class names, preprocessing, which backbone it belongs to (not the
backbone itself), and what the first images of each class showed: class means from training images;
accuracy, calibration and thresholds of --reject from test images.)";

inline constexpr std::string_view kAudit =
    R"(Example:
  promptcl audit ./l2p
  promptcl audit ./l2p --json

With batchwise_prompt the images of a test batch vote on their prompts, and a batch of one task tells
them the task. Shows the accuracy of the newest checkpoint when each image chooses alone, and for
batches of 1 to 128 images, of one task and of all tasks mixed. Queries are computed once. Writes no
file.)";

inline constexpr std::string_view kModel =
    R"(Example:
  promptcl model show pets.pcl
  promptcl model rename pets.pcl "tabby" "tabby cat" --output pets2.pcl
  promptcl model remove pets.pcl goldfish --output pets2.pcl
  promptcl model rollback pets2.pcl --output pets.pcl
  promptcl model diff pets.pcl pets2.pcl
  promptcl model merge pets.pcl birds.pcl --output both.pcl

Needs neither images nor the backbone. --output may be the file itself: every change but `rollback` can
be taken back.)";

inline constexpr std::string_view kModelShow =
    R"(Example:
  promptcl model show pets.pcl
  promptcl model show pets.pcl --json)";

inline constexpr std::string_view kModelRename =
    R"(Example:
  promptcl model rename pets.pcl "tabby" "tabby cat" --output pets2.pcl)";

inline constexpr std::string_view kModelRemove =
    R"(Example:
  promptcl model remove pets.pcl goldfish hamster --output pets2.pcl

Their columns of the head are gone; prompts stay, as the classes of a task share them.)";

inline constexpr std::string_view kModelRollback =
    R"(Example:
  promptcl model rollback pets2.pcl --output pets.pcl

Gives back the file before its last step, to the bit. Can be repeated down to the export.)";

inline constexpr std::string_view kModelDiff =
    R"(Example:
  promptcl model diff pets.pcl pets2.pcl)";

inline constexpr std::string_view kModelMerge =
    R"(Example:
  promptcl model merge pets.pcl birds.pcl --output both.pcl

For files over one backbone that compute alike, without a class in common; with G-prompts (DualPrompt)
only files that were taught from one common file.)";

}  // namespace promptcl::cli::help

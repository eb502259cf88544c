// What `promptcl learn --help` says below the options.
#pragma once

#include <string_view>

namespace promptcl::cli::help {

inline constexpr std::string_view kLearn =
    R"(Example:
  promptcl learn pets.pcl --data birds --output more.pcl
  promptcl learn pets.pcl --data birds --output more.pcl --test photos --set num_epochs=10
  promptcl learn pets.pcl --data winter --extend --output pets.pcl

Adds the classes of a folder, birds/heron/*.jpg, birds/kiwi/*.png, ..., as a new task. No old image is
needed. The head grows by a column a class; with DualPrompt the pool grows by the new task's prompts. All
images of the folder train, but those below test/ where it holds train/ and test/, which are test images.
Prints accuracy before and after on --test, and how far the old classes' logits and prompts have moved.

Writes FILE, with its history (`promptcl model show FILE`); `promptcl model rollback` takes the step
back. While it learns, FILE.learning holds a run: after Ctrl-C or SIGTERM the same command goes on, to
the same bits.)";

}  // namespace promptcl::cli::help

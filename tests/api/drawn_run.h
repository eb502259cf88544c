// Five drawn classes as a folder, five more to teach, and the run that learns the first.
#pragma once

#include "promptcl/training.h"

#include "tests/data/drawn_folders.h"
#include "tests/support/temporary_folder.h"

#include <string>
#include <vector>

namespace promptcl::api {

class DrawnRun {
  public:
    DrawnRun() {
        drawn_.write_train(at("old/train"), 0, 5);
        drawn_.write_test(at("old/test"), 0, 5);
        drawn_.write_train(at("new"), 5, 10);
        drawn_.write_test(at("tests"), 0, 10);
    }
    std::string at(const std::string& name) const { return (folder_ / name).string(); }

    std::vector<std::string> changes() const {
        return {"init_checkpoint=" + std::string(PROMPTCL_SOURCE_DIR) + "/assets/demo_vit.npz",
                "dataset=image_folder",
                "data_dir=" + at("old"),
                "num_threads=1",
                "num_epochs=2",
                "continual.num_tasks=1",
                "continual.num_classes_per_task=5",
                "prompt_pool_param.pool_size=1"};
    }
    Run run(const std::string& folder) const {
        return {.workdir = at(folder), .config = "demo_dualprompt", .changes = changes()};
    }

  private:
    TemporaryFolder folder_;
    data::DrawnFolders drawn_{20, 8};
};

}  // namespace promptcl::api

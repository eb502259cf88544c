// Which pictures lie in the folder of which class.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"
#include "promptcl/data/picture_set.h"
#include "promptcl/io/file_tree.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace promptcl::data {

/// CLASS/*.jpg, *.jpeg and *.png (any case), or below train/ and test/ (or val/) where there are
/// both.
struct ClassFolders {
    std::map<std::string, std::set<Split>> classes;  // the splits that have pictures of a class
    std::vector<ListedPicture> pictures;             // group: the class; unlabelled
};
ClassFolders list_class_folders(const io::FileTree& tree);

/// The class folders that config.data_dir names as pictures to teach some classes of many with: no
/// split is drawn, all train but those below test/ (or val/).
class TeachingFolder {
  public:
    /// Throws Error naming the folder when it holds no class, a class without a picture, or a test
    /// picture of a class that it does not train.
    explicit TeachingFolder(const config::Config& config);

    /// In the order of their names.
    const std::vector<std::string>& class_names() const { return class_names_; }
    /// Reads the pictures, each labelled by the place of its class in `all`, the names of all
    /// classes.
    DataSource open(const std::vector<std::string>& all, OpenObserver& observer);

  private:
    config::Config config_;
    std::unique_ptr<io::FileTree> tree_;
    ClassFolders folders_;
    std::vector<std::string> class_names_;
};

}  // namespace promptcl::data

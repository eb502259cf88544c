// A folder that goes with the object that made it.
#pragma once

#include <filesystem>

namespace promptcl::io {

class TemporaryFolder {
  public:
    /// In TMPDIR, or else /tmp. Throws Error when it cannot be made.
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace promptcl::io

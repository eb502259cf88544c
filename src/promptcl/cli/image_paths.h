// Which pictures a command line means.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <span>
#include <vector>

namespace promptcl::cli {

/// The files as given, and all pictures below the folders, in order of their names. Throws Error
/// for a folder without any.
std::vector<std::filesystem::path> picture_paths(std::span<const std::filesystem::path> given);

/// The next lines of `list`, each the path of a picture: waits for the first, then takes as many as
/// have come, up to `most`; none at the end.
std::vector<std::filesystem::path> next_listed(std::istream& list, std::size_t most);

/// A folder into which pictures come. Files count once they are whole: closed after writing, or
/// moved there.
class WatchedFolder {
  public:
    /// Throws Error when it cannot be watched.
    explicit WatchedFolder(std::filesystem::path folder);
    ~WatchedFolder();
    WatchedFolder(const WatchedFolder&) = delete;
    WatchedFolder& operator=(const WatchedFolder&) = delete;

    /// Pictures that came since the last call, those that lay there before the first; waits for
    /// one. None when the process is interrupted (cli/interrupt.h).
    std::vector<std::filesystem::path> next();

  private:
    std::vector<std::filesystem::path> read_events() const;

    std::filesystem::path folder_;
    int notices_;
    bool begun_ = false;
};

}  // namespace promptcl::cli

// Whether a data set is all there and can be read.
#pragma once

#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"
#include "promptcl/fetch/sources.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::fetch {

enum class FileState {
    kRight,      // as published
    kUnchecked,  // there; no checksum is published
    kWrong,      // another checksum than the published one
    kPart,       // a transfer that was not finished
    kMissing
};

struct CheckedFile {
    RemoteFile file;
    FileState state;
};

/// The files of the source that `path` holds as fetched; empty when it holds none as its authors
/// distribute it (it may be unpacked, or not be one of sources()).
std::vector<CheckedFile> check_files(std::string_view dataset, const std::filesystem::path& path);

struct Contents {
    struct Split {
        std::int64_t images = 0;
        std::int64_t least = 0, most = 0;  // images of a class
    };
    Split train, test;
    std::vector<std::string> classes;  // their names
    std::vector<std::string> tasks;    // their names; empty: not divided into tasks
    std::vector<std::string> skipped;  // why each unreadable file is left out
};

/// Reads all of it, its images small. Error as data::open_dataset() throws it for what cannot be
/// read.
data::DataSource read_dataset(std::string_view dataset, const std::filesystem::path& path,
                              data::OpenObserver& observer);

Contents contents_of(const data::DataSource& source);

/// What is missing, in the words of a sentence: "6000 of 60000 images"; nothing when all is there.
/// A data set of the user's own is whole when every file of it can be read.
std::optional<std::string> shortage(std::string_view dataset, const Contents& contents);

}  // namespace promptcl::fetch

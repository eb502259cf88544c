// What can be fetched: where it lies, how large it is, whose licence it has.
#pragma once

#include "promptcl/io/digest.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::fetch {

struct Checksum {
    io::DigestKind kind;
    std::string_view hex;
};

struct RemoteFile {
    std::string_view name;  // on the server and in the folder it lands in
    std::int64_t bytes;     // 0: not known
    std::optional<Checksum> checksum;
};

/// One data set or backbone as its authors distribute it.
struct Source {
    std::string_view name;                // as `promptcl data fetch` calls it, and its folder
    std::string_view dataset;             // what opens the folder, of data/registry.h; empty: none
    std::string_view summary;             // what it holds
    std::string_view needed_by;           // benchmarks and configurations
    std::string_view licence;             // as its authors state it
    std::string_view home;                // page of its authors
    std::string_view checked_by;          // whose checksums these are; "none published"
    std::vector<std::string_view> bases;  // addresses before the names; the authors' own first
    std::vector<RemoteFile> files;
    std::int64_t about_bytes = 0;  // of all files, where no sizes are published; 0: unknown
    std::int64_t classes = 0;      // of the whole data set
    std::int64_t images = 0;       // in both splits, broken ones that come with it included

    /// Of all files; nothing when one is not published.
    std::optional<std::int64_t> bytes() const;
};

/// In the order they are shown to the user.
std::span<const Source> sources();

/// Several sources that one data set reads, each in the sub-folder of its name.
struct Group {
    std::string_view name, summary;
    std::vector<std::string_view> members;
};
std::span<const Group> groups();

/// The data sets of the registry that nothing is fetched for.
std::vector<std::string_view> unfetched();

/// The source of this name, or every member of the group of this name. UsageError with the nearest
/// name for an unknown one.
std::vector<Source> sources_named(std::string_view name);

}  // namespace promptcl::fetch

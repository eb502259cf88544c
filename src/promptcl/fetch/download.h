// One file from an address to its place, in as many pieces as it takes.
#pragma once

#include "promptcl/core/error.h"
#include "promptcl/fetch/sources.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace promptcl::fetch {

/// How whoever calls takes part. Any may be left empty.
struct Hooks {
    std::function<void(std::int64_t done, std::int64_t total)> progress;  // bytes; total 0: unknown
    std::function<void(const std::string& sentence)> note;  // what happened and is dealt with
    std::function<bool()> stop;                             // asked at least once a second
};

struct Patience {
    std::chrono::seconds stalled{30};       // without a byte: broken
    std::chrono::milliseconds pause{1000};  // before the second try, then twice as long each time
    int tries = 5;                          // in a row that bring no byte
};

enum class Outcome { kFetched, kWasThere, kStopped };

struct Fetched {
    Outcome outcome;
    std::string digest;  // of the file; SHA-256 where no checksum is published
};

/// The file is not to be had from this address; it may be from another one.
class Unavailable : public Error {
  public:
    using Error::Error;
};

/// `url` as `target`, whose folder exists. What has come lies in TARGET.part until it is whole and
/// its checksum right; then it is renamed. A transfer that is stopped or breaks leaves TARGET.part,
/// and the next call goes on behind it, from the beginning when the server knows no ranges. A file
/// that is there already is compared with the checksum and left alone.
///
/// Unavailable naming `url` when it cannot be reached, breaks off too often, or what came has
/// another checksum (TARGET.part is removed). Error when the disk is too small or cannot be
/// written, when another process fetches the same file, or `target` is there and wrong.
Fetched download(const std::string& url, const RemoteFile& file,
                 const std::filesystem::path& target, const Hooks& hooks,
                 const Patience& patience = {});

}  // namespace promptcl::fetch

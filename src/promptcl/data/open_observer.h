// Who waits while images are read and looked at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace promptcl::data {

/// Each call comes from the thread that does the work and may throw to give up; then nothing half
/// done stays behind.
class OpenObserver {
  public:
    virtual ~OpenObserver() = default;
    /// `done` of `total` steps of what takes long, such as "reading images".
    virtual void progress(std::string_view /*what*/, std::int64_t /*done*/,
                          std::int64_t /*total*/) {}
    /// A sentence the user should read.
    virtual void note(const std::string&) {}
};

}  // namespace promptcl::data

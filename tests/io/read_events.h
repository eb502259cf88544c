// The events of an event file, read independently of what writes them.
#pragma once

#include "promptcl/io/event.pb.h"

#include <filesystem>
#include <string>
#include <vector>

namespace promptcl::io {

/// The data of every whole record; a truncated last one is dropped. Throws std::runtime_error when
/// a checksum is wrong.
std::vector<std::string> read_records(const std::string& file);

/// The events of the one event file of `folder`, which must hold no other.
std::vector<tensorboard::Event> read_events(const std::filesystem::path& folder);

}  // namespace promptcl::io

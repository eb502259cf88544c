// A replay buffer as arrays of a checkpoint's state file.
#pragma once

#include "promptcl/io/array.h"
#include "promptcl/stream/replay_buffer.h"

#include <string>

namespace promptcl::train {

/// replay/id and replay/label [n], replay/size [n, 2] (height, width), all int64, and replay/pixels
/// (uint8, the images one after the other).
io::ArrayMap arrays_of(const stream::ReplayBuffer& replay);

/// Fills an empty buffer of the same seed with what arrays_of() wrote. Throws Error naming `place`
/// and the array that is missing or damaged.
void restore(stream::ReplayBuffer& replay, const io::ArrayMap& arrays, const std::string& place);

}  // namespace promptcl::train

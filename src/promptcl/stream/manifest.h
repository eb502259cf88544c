// The images of a stream as a table that another run can be given.
#pragma once

#include "promptcl/data/dataset.h"
#include "promptcl/stream/task_stream.h"

#include <filesystem>
#include <string>

namespace promptcl::stream {

/// The table: a row for every image that the stream trains or tests on, with its task, split,
/// class, origin and SHA-256 (docs/formats.md, "Manifest").
std::string manifest_of(const data::DataSource& source, const TaskStream& stream);

/// The tasks and test sets of a manifest, found in `source` by their origins; the classes of a task
/// rise. TaskStream::boundaries and Task::tests are left at their defaults, images_per_epoch is all
/// of a task. Throws Error naming file and line where the table is damaged, and where the data set
/// has no such image, or another one at its place.
TaskStream read_manifest(const std::filesystem::path& path, const data::DataSource& source);

}  // namespace promptcl::stream

// What the C library does with freed memory.
#pragma once

namespace promptcl {

/// Gives memory that was freed back to the system, as far as the C library can: after something
/// large and short-lived, such as the arrays of a checkpoint.
void release_freed_memory();

}  // namespace promptcl

// Turns a part of a matrix, so that its columns become rows.
#pragma once

#include "promptcl/engine/lanes/vector.h"

namespace promptcl::engine::PROMPTCL_LANES {

/// Some columns of some rows, at least one, of a matrix.
struct Part {
    const float* from;
    std::int64_t stride, rows, columns;
};

/// The part turned: [columns, rows], with `to_stride` >= rows from one column to the next. What is
/// behind the rows of each, up to a whole vector, is overwritten with copies of the last.
void turn(const Part& part, float* to, std::int64_t to_stride);

}  // namespace promptcl::engine::PROMPTCL_LANES

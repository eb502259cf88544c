// The environment that promptcl-torch starts with: what its libraries read when they are loaded.
#pragma once

#include "promptcl/engine/isa.h"

#include <optional>
#include <string>
#include <string_view>

namespace promptcl::cli {

/// Sets what the user has not set: OMP_WAIT_POLICY, and OPENBLAS_CORETYPE where OpenBLAS would
/// choose badly.
void set_torch_environment();

/// What OpenBLAS calls the kernels of its choice; empty where there is no OpenBLAS. It chooses when
/// it is loaded, which this does, in a few milliseconds.
std::string openblas_kernels();

/// The name of kernels of OpenBLAS that fit the machine better than the ones `chosen` by itself:
/// for a processor that it does not know it falls back to those of a processor of 2004.
std::optional<std::string_view> better_openblas_kernels(std::string_view chosen,
                                                        engine::Isa machine);

}  // namespace promptcl::cli

// What the processor can do at most, to compare with.
#pragma once

namespace promptcl::engine {

class Workers;

/// Floating-point operations a second, in 1e9, that the workers do when each multiplies and adds in
/// its registers alone, with the fastest usable instructions; a fused multiply-add counts as two.
/// Each counts with the best of its slices, which are too short to be shared with other programs.
double peak_gflops(Workers& workers);

}  // namespace promptcl::engine

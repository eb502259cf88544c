// The instruction sets that the kernels are compiled for, and which of them this machine has.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace promptcl::engine {

enum class Isa : std::uint8_t {
    kPortable,  // what every processor of this architecture has: four floats at a time
    kAvx2,      // x86-64 with AVX2 and FMA: eight
    kAvx512     // x86-64 with AVX-512 F, BW, DQ and VL: sixteen
};

/// "portable", "avx2" or "avx512".
std::string_view name_of(Isa isa);

/// What is compiled in and what this machine has, slowest first; kPortable is always there.
std::vector<Isa> usable_isas();

/// The fastest usable one, or the one that the environment variable PROMPTCL_ISA names. UsageError
/// when it names none of the usable ones.
Isa chosen_isa();

}  // namespace promptcl::engine

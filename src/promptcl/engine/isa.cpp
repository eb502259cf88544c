#include "promptcl/engine/isa.h"

#include "promptcl/core/error.h"

#include <cstdlib>
#include <string>

namespace promptcl::engine {

std::string_view name_of(Isa isa) {
    switch (isa) {
        case Isa::kAvx2:
            return "avx2";
        case Isa::kAvx512:
            return "avx512";
        default:
            return "portable";
    }
}

std::vector<Isa> usable_isas() {
    std::vector<Isa> usable = {Isa::kPortable};
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return usable;
    usable.push_back(Isa::kAvx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
        usable.push_back(Isa::kAvx512);
    }
#endif
    return usable;
}

Isa chosen_isa() {
    const std::vector<Isa> usable = usable_isas();
    const char* wanted = std::getenv("PROMPTCL_ISA");
    if (wanted == nullptr || *wanted == '\0') return usable.back();
    std::string names;
    for (const Isa isa : usable) {
        if (name_of(isa) == wanted) return isa;
        names += (names.empty() ? "" : ", ") + std::string(name_of(isa));
    }
    throw UsageError("PROMPTCL_ISA=" + std::string(wanted) +
                         " names no instruction set that this machine can use",
                     "choose one of: " + names);
}

}  // namespace promptcl::engine

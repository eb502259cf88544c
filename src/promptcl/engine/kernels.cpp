#include "promptcl/engine/kernels.h"

#include "promptcl/core/error.h"
#include "promptcl/engine/lanes/table.h"

namespace promptcl::engine {

const Kernels& kernels(Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::kAvx2) return avx2::kernels();
    if (isa == Isa::kAvx512) return avx512::kernels();
#endif
    require(isa == Isa::kPortable, "the kernels of an instruction set are compiled in");
    return portable::kernels();
}

const Kernels& best_kernels() {
    static const Kernels& best = kernels(chosen_isa());
    return best;
}

std::int64_t attention_scratch(const Attention& shape) {
    return portable::attention_scratch(shape);
}

}  // namespace promptcl::engine

#include "promptcl/engine/lanes/table.h"

#include "promptcl/engine/lanes/functions.h"

namespace promptcl::engine::PROMPTCL_LANES {

const Kernels& kernels() {
    static constexpr Kernels kTable = {normalize,          normalize_backward, gelu,
                                       gelu_with_slope,    multiply,           attention,
                                       attention_backward, multiply_add};
    return kTable;
}

}  // namespace promptcl::engine::PROMPTCL_LANES

#include "promptcl/engine/lanes/table.h"

#include "promptcl/engine/lanes/functions.h"

namespace promptcl::engine::PROMPTCL_LANES {

const Kernels& kernels() {
    static constexpr Kernels kTable = {.panel = kPanel,
                                       .pack = pack,
                                       .multiply_packed = multiply_packed,
                                       .normalize = normalize,
                                       .normalize_backward = normalize_backward,
                                       .gelu = gelu,
                                       .gelu_with_slope = gelu_with_slope,
                                       .multiply = multiply,
                                       .attention = attention,
                                       .attention_backward = attention_backward,
                                       .multiply_add = multiply_add};
    return kTable;
}

}  // namespace promptcl::engine::PROMPTCL_LANES

// The kernels of each instruction set, by namespace.
#pragma once

#include "promptcl/engine/kernels.h"

namespace promptcl::engine {

namespace portable {
const Kernels& kernels();
std::int64_t attention_scratch(const Attention& shape);  // the same for every instruction set
}  // namespace portable
namespace avx2 {
const Kernels& kernels();
}
namespace avx512 {
const Kernels& kernels();
}

}  // namespace promptcl::engine

// The kernels of each instruction set, by namespace.
#pragma once

#include "promptcl/engine/kernels.h"

namespace promptcl::engine {

namespace portable {
const Kernels& kernels();
}
namespace avx2 {
const Kernels& kernels();
}
namespace avx512 {
const Kernels& kernels();
}

}  // namespace promptcl::engine

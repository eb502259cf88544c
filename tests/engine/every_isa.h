// Tests that run once for each instruction set of this machine.
#pragma once

#include "promptcl/engine/kernels.h"

#include <gtest/gtest.h>

#include <string>

namespace promptcl::engine {

class EveryIsa : public testing::TestWithParam<Isa> {
  protected:
    const Kernels& kernels_ = kernels(GetParam());
};

inline std::string isa_name(const testing::TestParamInfo<Isa>& info) {
    return std::string(name_of(info.param));
}

}  // namespace promptcl::engine

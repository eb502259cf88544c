#include "promptcl/cli/torch_environment.h"

#include <gtest/gtest.h>

namespace promptcl::cli {
namespace {

using engine::Isa;

TEST(OpenblasKernels, OlderThanTheMachineAreReplacedByTheBestThatItRuns) {
    EXPECT_EQ(better_openblas_kernels("Prescott", Isa::kAvx512), "SKYLAKEX");
    EXPECT_EQ(better_openblas_kernels("Prescott", Isa::kAvx2), "HASWELL");
    EXPECT_EQ(better_openblas_kernels("Sandybridge", Isa::kAvx2), "HASWELL");
    EXPECT_EQ(better_openblas_kernels("Barcelona", Isa::kAvx2), "HASWELL");
}

TEST(OpenblasKernels, StayWhereTheMachineHasNoMore) {
    EXPECT_FALSE(better_openblas_kernels("Prescott", Isa::kPortable));
    EXPECT_FALSE(better_openblas_kernels("Nehalem", Isa::kPortable));
}

TEST(OpenblasKernels, StayWhereOpenblasKnowsTheProcessor) {
    for (const char* modern : {"Haswell", "Zen", "SkylakeX", "Cooperlake", "Sapphirerapids",
                               "Excavator", "a name of tomorrow"}) {
        EXPECT_FALSE(better_openblas_kernels(modern, Isa::kAvx512)) << modern;
        EXPECT_FALSE(better_openblas_kernels(modern, Isa::kAvx2)) << modern;
    }
}

TEST(OpenblasKernels, AreNothingToDecideWithoutOpenblas) {
    EXPECT_FALSE(better_openblas_kernels("", Isa::kAvx512));
}

}  // namespace
}  // namespace promptcl::cli

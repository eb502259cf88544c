#include "promptcl/engine/isa.h"

#include "promptcl/core/error.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace promptcl::engine {
namespace {

/// PROMPTCL_ISA while it lives.
class Wish {
  public:
    explicit Wish(const char* isa) { ::setenv("PROMPTCL_ISA", isa, 1); }
    Wish(const Wish&) = delete;
    Wish& operator=(const Wish&) = delete;
    ~Wish() { ::unsetenv("PROMPTCL_ISA"); }
};

TEST(Isas, TheUsableOnesStartWithThePortableAndGetFaster) {
    const auto usable = usable_isas();
    ASSERT_FALSE(usable.empty());
    EXPECT_EQ(usable.front(), Isa::kPortable);
    EXPECT_TRUE(std::is_sorted(usable.begin(), usable.end()));
}

TEST(Isas, TheFastestIsChosenUnlessTheEnvironmentNamesAnother) {
    const Wish none("");
    EXPECT_EQ(chosen_isa(), usable_isas().back());
    for (const Isa isa : usable_isas()) {
        const Wish wish(std::string(name_of(isa)).c_str());
        EXPECT_EQ(chosen_isa(), isa);
    }
}

TEST(Isas, AnUnusableWishIsRefusedWithWhatThereIs) {
    const Wish wish("avx1024");
    try {
        chosen_isa();
        FAIL() << "accepted";
    } catch (const UsageError& error) {
        EXPECT_NE(std::string(error.what()).find("avx1024"), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("portable"), std::string::npos);
    }
}

}  // namespace
}  // namespace promptcl::engine

#include "promptcl/core/human.h"

#include <gtest/gtest.h>

#include <cmath>

namespace promptcl {
namespace {

TEST(HumanBytes, GoesUpInThousands) {
    EXPECT_EQ(human_bytes(0), "0 B");
    EXPECT_EQ(human_bytes(999), "999 B");
    EXPECT_EQ(human_bytes(1500), "1.5 kB");
    EXPECT_EQ(human_bytes(343e6), "343 MB");
    EXPECT_EQ(human_bytes(2e12), "2 TB");
}

TEST(Percent, IsAHundredTimesTheFraction) {
    EXPECT_EQ(percent(0.12345), "12.35 %");
    EXPECT_EQ(percent(1, 0), "100 %");
    EXPECT_EQ(percent(std::nan("")), "-");
}

TEST(ClockText, ShowsHoursFromTheFirstOn) {
    EXPECT_EQ(clock_text(65.4), "1:05");
    EXPECT_EQ(clock_text(3600 + 2 * 60 + 3), "1:02:03");
}

}  // namespace
}  // namespace promptcl

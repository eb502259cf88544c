#include "promptcl/report/key_similarity.h"

#include "promptcl/core/error.h"

#include "tests/report/small_run.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promptcl::report {
namespace {

using ::testing::HasSubstr;

TEST(KeySimilarity, IsTheCosineOfTheKeysOfTheNewestWholeCheckpoint) {
    const TemporaryFolder folder;
    write_small_checkpoint(folder.path());
    const auto cosines = key_similarity(folder.path());  // of (1, 0), (0, 2) and (3, 3)
    ASSERT_TRUE(cosines.has_value());
    ASSERT_EQ(cosines->size(), 3U);
    EXPECT_NEAR((*cosines)[0][0], 1, 1e-12);
    EXPECT_NEAR((*cosines)[0][1], 0, 1e-12);
    EXPECT_NEAR((*cosines)[2][1], std::sqrt(0.5), 1e-12);
}

TEST(KeySimilarity, IsNothingWithoutACheckpoint) {
    const TemporaryFolder folder;
    EXPECT_FALSE(key_similarity(folder.path()).has_value());
}

TEST(KeySimilarity, NamesACheckpointThatIsDamaged) {
    const TemporaryFolder folder;
    write_small_checkpoint(folder.path());
    folder.write("checkpoints/step-00000040.safetensors", "no header");
    EXPECT_THAT(message_of<Error>([&] { key_similarity(folder.path()); }),
                HasSubstr("step-00000040.safetensors"));
}

}  // namespace
}  // namespace promptcl::report

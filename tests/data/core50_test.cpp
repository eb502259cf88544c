#include "promptcl/data/datasets/core50.h"

#include "promptcl/core/error.h"

#include "tests/data/picture_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

namespace promptcl::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The archive's tree with one frame of the objects 1 and 50 in each of the 11 sessions.
void write_core50(const TemporaryFolder& folder) {
    for (int session = 1; session <= 11; ++session) {
        for (const int object : {1, 50}) {
            char name[64];
            std::snprintf(name, sizeof name, "core50_128x128/s%d/o%d/C_%02d_%02d_000.png", session,
                          object, session, object);
            folder.write(name, flat_png(128, 128, static_cast<std::uint8_t>(session), 0, 0));
        }
    }
}

TEST(Core50, HasEightSessionsAsTasksAndThreeAsOneCommonTestSet) {
    const TemporaryFolder folder;
    write_core50(folder);
    const auto source = open_set("core50", folder.path());
    ASSERT_TRUE(source.tasks);
    EXPECT_THAT(source.tasks->names, ElementsAre("s1", "s2", "s4", "s5", "s6", "s8", "s9", "s11"));
    EXPECT_THAT(source.tasks->train, ElementsAre(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7));
    EXPECT_THAT(source.tasks->test, IsEmpty());
    EXPECT_EQ(source.train->origin(15), "s11/o50/C_11_50_000.png");
    EXPECT_EQ(source.train->image(15).rgb[0], 11);
    EXPECT_THAT(lines_of(*source.test),
                ElementsAre("s10/o1/C_10_01_000.png 0", "s3/o1/C_03_01_000.png 0",
                            "s7/o1/C_07_01_000.png 0", "s10/o50/C_10_50_000.png 49",
                            "s3/o50/C_03_50_000.png 49", "s7/o50/C_07_50_000.png 49"));
}

TEST(Core50, HasFiftyObjectsFiveOfEachCategory) {
    const TemporaryFolder folder;
    write_core50(folder);
    const auto names = open_set("core50", folder.path()).class_names;
    ASSERT_EQ(names.size(), 50u);
    EXPECT_EQ(names[0], "plug_adapter1");
    EXPECT_EQ(names[9], "mobile_phone5");
    EXPECT_EQ(names[49], "remote_control5");
}

TEST(Core50, KeepsItsPicturesAsTheyAre) {
    const TemporaryFolder folder;
    write_core50(folder);
    config::Config config;
    config.dataset = "core50";
    config.data_dir = folder.string();
    EXPECT_EQ(open_dataset(config).train->image(0).width, 128);
}

TEST(Core50, IsTheSameFromItsArchive) {
    const TemporaryFolder folder, packed;
    write_core50(folder);
    packed.write("core50_128x128.zip", zip_of(folder.path()));
    EXPECT_EQ(open_set("core50", packed.path()).sha256, open_set("core50", folder.path()).sha256);
}

TEST(Core50, RefusesWhatItDoesNotHave) {
    const TemporaryFolder folder;
    EXPECT_THAT(refusal_of("core50", folder.path()), HasSubstr("core50_128x128.zip"));
    folder.write("s12/o1/C_12_01_000.png", flat_png(8, 8, 0, 0, 0));
    EXPECT_THAT(refusal_of("core50", folder.path()),
                AllOf(HasSubstr("s12/o1/C_12_01_000.png"), HasSubstr("1 to 11")));
}

TEST(Core50, HasNoSplitToBeChanged) {
    const TemporaryFolder folder;
    write_core50(folder);
    config::Config config;
    config.dataset = "core50";
    config.data_dir = folder.string();
    config.data_split = folder.write("split.txt", "s1/o1/C_01_01_000.png\n").string();
    EXPECT_THROW(open_dataset(config), UsageError);
}

}  // namespace
}  // namespace promptcl::data

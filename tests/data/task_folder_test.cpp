#include "promptcl/data/datasets/task_folder.h"

#include "promptcl/core/error.h"

#include "tests/data/picture_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

void fill(const TemporaryFolder& folder, const std::string& path, int count) {
    for (int i = 0; i < count; ++i)
        folder.write(path + "/" + std::to_string(i) + ".png", flat_png(8, 8, 1, 2, 3));
}

TEST(TaskFolder, TakesTasksInTheOrderOfTheirNamesAndAClassOfTwoTasksOnce) {
    const TemporaryFolder folder;
    fill(folder, "2_summer/dog", 2);
    fill(folder, "1_winter/dog", 2);
    fill(folder, "1_winter/cat", 3);
    const auto source = open_set("task_folder", folder.path());
    ASSERT_TRUE(source.tasks);
    EXPECT_THAT(source.tasks->names, ElementsAre("1_winter", "2_summer"));
    EXPECT_THAT(source.class_names, ElementsAre("cat", "dog"));
    EXPECT_THAT(source.tasks->train, ElementsAre(0, 0, 0, 1));
    EXPECT_THAT(source.tasks->test, ElementsAre(0, 0, 1));
    EXPECT_EQ(source.test->label(2), 1);
    EXPECT_THAT(source.test->origin(2), StartsWith("2_summer/dog/"));
}

TEST(TaskFolder, TakesTheSplitsThatAreThere) {
    const TemporaryFolder folder;
    fill(folder, "train/a/cat", 2);
    fill(folder, "train/b/dog", 1);
    fill(folder, "test/a/cat", 1);
    fill(folder, "test/b/dog", 1);
    const auto source = open_set("task_folder", folder.path());
    EXPECT_THAT(lines_of(*source.train),
                ElementsAre("train/a/cat/0.png 0", "train/a/cat/1.png 0", "train/b/dog/0.png 1"));
    EXPECT_THAT(lines_of(*source.test), ElementsAre("test/a/cat/0.png 0", "test/b/dog/0.png 1"));
    EXPECT_THAT(source.tasks->test, ElementsAre(0, 1));
}

TEST(TaskFolder, CountsTasksThatAreNumbers) {
    const TemporaryFolder folder;
    for (const std::string task : {"10", "9", "1"})
        fill(folder, task + "/cat", 2);
    EXPECT_THAT(open_set("task_folder", folder.path()).tasks->names, ElementsAre("1", "9", "10"));
}

TEST(TaskFolder, IsTheSameFromAnArchive) {
    const TemporaryFolder folder, packed;
    fill(folder, "a/cat", 5);
    fill(folder, "b/dog", 5);
    const auto archive = packed.write("mine.zip", zip_of(folder.path()));
    EXPECT_EQ(open_set("task_folder", archive).sha256,
              open_set("task_folder", folder.path()).sha256);
}

TEST(TaskFolder, SaysThatItHoldsNoTasksOrNoPictures) {
    const TemporaryFolder folder;
    fill(folder, "cat", 2);
    EXPECT_THAT(refusal_of("task_folder", folder.path()), HasSubstr("dataset=image_folder"));
    folder.write("a/dog/broken.png", "broken");
    EXPECT_THAT(refusal_of("task_folder", folder.path()),
                StartsWith("a/dog of " + folder.string() + " holds 0 readable"));
}

}  // namespace
}  // namespace promptcl::data

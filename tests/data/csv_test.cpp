#include "promptcl/data/datasets/csv.h"

#include "promptcl/core/error.h"

#include "tests/data/picture_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// Four pictures a.png to d.png in the folder p.
class CsvOfPictures : public testing::Test {
  protected:
    CsvOfPictures() {
        for (const std::string name : {"a", "b", "c", "d"})
            folder_.write("p/" + name + ".png", flat_png(8, 8, 1, 2, 3));
    }

    DataSource open(const std::string& table) {
        folder_.write("data.csv", table);
        return open_set("csv", folder_.path());
    }
    std::string refusal(const std::string& table) {
        folder_.write("data.csv", table);
        return refusal_of("csv", folder_.path());
    }

    TemporaryFolder folder_;
};

TEST_F(CsvOfPictures, TakesPathLabelTaskAndSplitFromColumnsInAnyOrder) {
    const auto source = open(
        "split,label,remark,path,task\r\n"
        "train,\"cat, small\",,p/a.png,2\r\n"
        "test,\"cat, small\",\"\"\"x\"\"\",./p/b.png,2\r\n"
        "train,ant,,p/c.png,10\r\n"
        "test,ant,,p/d.png,10\r\n");
    EXPECT_THAT(source.class_names, ElementsAre("ant", "cat, small"));
    EXPECT_THAT(lines_of(*source.train), ElementsAre("p/a.png 1", "p/c.png 0"));
    EXPECT_THAT(lines_of(*source.test), ElementsAre("p/b.png 1", "p/d.png 0"));
    EXPECT_THAT(source.tasks->names, ElementsAre("2", "10"));
    EXPECT_THAT(source.tasks->test, ElementsAre(0, 1));
}

TEST_F(CsvOfPictures, DrawsTheSplitAndHasNoTasksWithoutTheirColumns) {
    const auto source = open("path,label\np/a.png,10\np/b.png,10\np/c.png,9\np/d.png,9\n");
    EXPECT_THAT(source.class_names, ElementsAre("9", "10"));
    EXPECT_EQ(source.train->size(), 2);
    EXPECT_EQ(source.test->size(), 2);
    EXPECT_FALSE(source.tasks);
}

TEST_F(CsvOfPictures, IsReadFromTheTableItselfAndFromAnArchive) {
    const auto expected = open("path,label\np/a.png,x\np/b.png,x\n").sha256;
    EXPECT_EQ(open_set("csv", folder_ / "data.csv").sha256, expected);
    const TemporaryFolder packed;
    EXPECT_EQ(open_set("csv", packed.write("mine.tar", tar_of(folder_.path()))).sha256, expected);
}

TEST_F(CsvOfPictures, NamesTheLineThatIsWrong) {
    EXPECT_THAT(refusal("path,label\np/a.png,x\np/b.png,\n"),
                HasSubstr("line 3 of data.csv has no label"));
    EXPECT_THAT(refusal("path,label\n,x\n"), HasSubstr("line 2 of data.csv has no path"));
    EXPECT_THAT(refusal("path,label,task\np/a.png,x,\n"),
                HasSubstr("line 2 of data.csv has no task"));
    EXPECT_THAT(refusal("path,label,split\np/a.png,x,val\n"),
                HasSubstr("line 2 of data.csv has the split \"val\""));
    EXPECT_THAT(
        refusal("path,label\np/z.png,x\n"),
        AllOf(HasSubstr("line 2 of data.csv names p/z.png"), HasSubstr("not in the folder")));
    EXPECT_THAT(refusal("path,label\np/a.png,x\np/a.png,y\n"),
                HasSubstr("line 3 of data.csv repeats p/a.png of line 2"));
    EXPECT_THAT(refusal("path,label\np/a.png\n"), HasSubstr("line 2 of data.csv has 1 cells"));
    EXPECT_THAT(refusal("file,label\np/a.png,x\n"), HasSubstr("names no column path"));
    EXPECT_THAT(refusal(""), HasSubstr("data.csv lists no picture"));
}

TEST_F(CsvOfPictures, SaysThatThereIsNoTable) {
    EXPECT_THAT(refusal_of("csv", folder_.path()), HasSubstr("data.csv"));
    EXPECT_THAT(refusal_of("csv", folder_ / "other.csv"), HasSubstr("other.csv"));
}

}  // namespace
}  // namespace promptcl::data

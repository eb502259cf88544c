#include "promptcl/cli/table.h"

#include <gtest/gtest.h>

namespace promptcl::cli {
namespace {

TEST(Table, AlignsItsColumnsToTheWidestCell) {
    EXPECT_EQ(format_table({"a", "name"}, {{"long", "x"}, {"b", "y z"}}),
              "a     name\n"
              "long  x\n"
              "b     y z\n");
}

TEST(Table, CountsCharactersNotBytes) {
    EXPECT_EQ(format_table({"ab", "x"}, {{"\xc3\xa9\xc3\xa9", "y"}}),
              "ab  x\n\xc3\xa9\xc3\xa9  y\n");
}

TEST(Table, OfMarkdownKeepsItsColumnsWhateverIsInThem) {
    EXPECT_EQ(markdown_table({"a", "b"}, {{"1", "x|y"}, {"2", ""}}),
              "| a | b |\n"
              "| --- | --- |\n"
              "| 1 | x\\|y |\n"
              "| 2 |  |\n");
}

TEST(Table, OfCsvQuotesWhatWouldBeReadOtherwise) {
    EXPECT_EQ(csv_table({"a", "b"}, {{"1", "x, y"}, {"say \"so\"", "two\nlines"}}),
              "a,b\n"
              "1,\"x, y\"\n"
              "\"say \"\"so\"\"\",\"two\nlines\"\n");
}

}  // namespace
}  // namespace promptcl::cli

#include "promptcl/io/csv.h"

#include "promptcl/core/error.h"

#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::io {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::vector<std::string>> cells_of(std::string_view text) {
    std::vector<std::vector<std::string>> cells;
    for (auto& row : parse_csv(text, "x.csv"))
        cells.push_back(row.cells);
    return cells;
}

TEST(Csv, IsRowsOfCells) {
    EXPECT_THAT(cells_of("a,b\r\n1,\r\n,2"),
                ElementsAre(ElementsAre("a", "b"), ElementsAre("1", ""), ElementsAre("", "2")));
    EXPECT_THAT(cells_of(""), IsEmpty());
}

TEST(Csv, HoldsCommasLineEndsAndQuotesInQuotes) {
    EXPECT_THAT(cells_of("\"a,b\",\"c\r\nd\",\"e \"\"f\"\"\",\"\"\n"),
                ElementsAre(ElementsAre("a,b", "c\r\nd", "e \"f\"", "")));
}

TEST(Csv, PassesOverAByteOrderMarkAndEmptyLines) {
    EXPECT_THAT(cells_of("\xef\xbb\xbf"
                         "a\n\n\r\nb\n"),
                ElementsAre(ElementsAre("a"), ElementsAre("b")));
}

TEST(Csv, KnowsTheLineOnWhichARowBegins) {
    const auto rows = parse_csv("a\n\"b\n\nc\"\n\nd\n", "x.csv");
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[1].line, 2);
    EXPECT_EQ(rows[2].line, 6);
}

TEST(Csv, ReadsBackTheCellsItWrites) {
    for (const char* text : {"plain", "a,b", "say \"hi\"", "two\nlines", "", "\r", "\"", "\"\""})
        EXPECT_EQ(cells_of("x," + csv_cell(text)).at(0).at(1), text);
    EXPECT_EQ(csv_cell("plain text"), "plain text");
}

TEST(Csv, NamesTheLineThatIsBroken) {
    EXPECT_THAT(message_of<Error>([] { parse_csv("a\n\"b\n", "x.csv"); }),
                AllOf(HasSubstr("line 2 of x.csv"), HasSubstr("a quote is not closed")));
    EXPECT_THAT(message_of<Error>([] { parse_csv("a\n\"b\"c\n", "x.csv"); }),
                AllOf(HasSubstr("line 2 of x.csv"), HasSubstr("beside a quoted cell")));
}

}  // namespace
}  // namespace promptcl::io

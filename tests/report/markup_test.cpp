#include "promptcl/report/page/markup.h"

#include "tests/report/small_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Markup, EscapesTextsAndValuesOfAttributes) {
    EXPECT_EQ(text("<a & 'b' \"c\">").html(), "&lt;a &amp; &#39;b&#39; &quot;c&quot;&gt;");
    EXPECT_EQ(element("td", {{"title", "\"<x>"}}, "1 < 2").html(),
              "<td title=\"&quot;&lt;x&gt;\">1 &lt; 2</td>");
    EXPECT_EQ(element("p", {}, text("a") + element("b", {}, "c")).html(), "<p>a<b>c</b></p>");
    EXPECT_EQ(empty_element("img", {{"alt", "&"}}).html(), "<img alt=\"&amp;\">");
}

TEST(Markup, LetsNothingInDataEndItsScript) {
    const nlohmann::ordered_json data = {{kEvilName, kEvilName}, {"number", 1.5}};
    const std::string html = json_element(data).html();
    const std::string start = "<script type=\"application/json\">", end = "</script>";
    ASSERT_TRUE(html.starts_with(start) && html.ends_with(end));
    const std::string inside = html.substr(start.size(), html.size() - start.size() - end.size());
    EXPECT_THAT(inside, Not(HasSubstr("<")));
    EXPECT_THAT(inside, Not(HasSubstr("&")));
    EXPECT_EQ(nlohmann::ordered_json::parse(inside), data);
}

TEST(Markup, ReplacesWhatIsNotUtf8) {
    EXPECT_EQ(text("caf\xc3\xa9").html(), "caf\xc3\xa9");
    EXPECT_EQ(text("caf\xe9!").html(), "caf\xef\xbf\xbd!");
    EXPECT_THAT(json_element({{"name", "\xff"}}).html(), HasSubstr("\xef\xbf\xbd"));
}

}  // namespace
}  // namespace promptcl::report

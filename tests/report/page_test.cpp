// The whole page: that it loads nothing, runs nothing of others, and is well formed.
#include "promptcl/report/page/page.h"

#include "promptcl/report/page/assets.h"

#include "tests/report/small_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace promptcl::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Strings = std::vector<std::string>;

std::string small_page() {
    const TemporaryFolder folder;
    const std::vector<std::filesystem::path> runs = {write_whole_run(folder, "l2p"),
                                                     write_small_run(folder, "<b>bare</b>")};
    return html_page(read_runs(runs));
}

/// The page without what is inside its scripts, style and comments.
std::string markup_of(const std::string& page) {
    std::string markup;
    std::size_t at = 0;
    for (const std::string_view name : {"style", "script"}) {
        const std::string& from = name == "style" ? page : markup;
        std::string kept;
        for (at = 0;;) {
            const std::size_t begin = from.find("<" + std::string(name), at);
            if (begin == std::string::npos) break;
            const std::size_t inside = from.find('>', begin) + 1;
            kept += from.substr(at, inside - at);
            at = from.find("</" + std::string(name) + ">", inside);
        }
        markup = kept + from.substr(at);
    }
    return markup;
}

/// What is wrong with the nesting of elements.
Strings badly_nested(const std::string& markup) {
    static const std::set<std::string> kEmpty = {"meta", "img", "!DOCTYPE"};
    static const std::regex kTag(
        R"re(<(/?)([!A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z-]+(?:="[^"<]*")?)*)\s*>)re");
    Strings open, problems;
    std::string rest = std::regex_replace(markup, kTag, "");
    if (rest.find('<') != std::string::npos) problems.push_back(rest.substr(rest.find('<'), 60));
    for (std::sregex_iterator tag(markup.begin(), markup.end(), kTag), end; tag != end; ++tag) {
        const std::string name = (*tag)[2];
        if (kEmpty.contains(name)) continue;
        if ((*tag)[1].length() == 0) {
            open.push_back(name);
        } else if (open.empty() || open.back() != name) {
            problems.push_back("</" + name + ">");
        } else {
            open.pop_back();
        }
    }
    problems.insert(problems.end(), open.begin(), open.end());
    return problems;
}

TEST(Page, IsWellFormed) {
    EXPECT_THAT(badly_nested(markup_of(small_page())), IsEmpty());
    EXPECT_THAT(badly_nested("<p><b></p></b>"), Not(IsEmpty()));
    EXPECT_THAT(badly_nested("<p>1 < 2</p>"), Not(IsEmpty()));
}

TEST(Page, AsksForNothing) {
    const std::string markup = markup_of(small_page());
    EXPECT_THAT(markup, HasSubstr("default-src &#39;none&#39;"));
    // Addresses are the names of XML's vocabularies, in Vega, and nothing else.
    const std::string page = small_page();
    static const std::regex kAddress(R"re(https?://[^"'`\s)]*)re");
    std::set<std::string> addresses;
    for (std::sregex_iterator found(page.begin(), page.end(), kAddress), end; found != end; ++found)
        addresses.insert(found->str());
    EXPECT_THAT(addresses, ElementsAre("http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg",
                                       "http://www.w3.org/2000/xmlns/"));
    for (const std::string asking : {"<link", "<iframe", "<object", "<embed", "@import", "url("})
        EXPECT_THAT(markup + std::string(kPageStyle), Not(HasSubstr(asking)));
    static const std::regex kSource(R"re((?:src|href)="(?!data:|#)[^"]*")re");
    EXPECT_FALSE(std::regex_search(markup, kSource));
}

TEST(Page, ShowsNamesOfFilesAsTheyAreAndRunsNoneOfThem) {
    const std::string page = small_page(), markup = markup_of(page);
    EXPECT_THAT(markup, HasSubstr("&lt;b&gt;bare&lt;/b&gt;"));
    EXPECT_THAT(markup, HasSubstr("&lt;/script&gt;&lt;img src=x onerror=&quot;alert("));
    EXPECT_THAT(page, Not(HasSubstr("<img src=x")));
    EXPECT_THAT(page, Not(HasSubstr("onerror=\"")));
}

TEST(Page, IsTheSameForTheSameRuns) {
    const TemporaryFolder folder;
    const std::vector<std::filesystem::path> runs = {write_whole_run(folder, "l2p")};
    EXPECT_EQ(html_page(read_runs(runs)), html_page(read_runs(runs)));
}

TEST(Page, HasATableOfNumbersBesideEveryChart) {
    const std::string page = small_page();
    static const std::regex kFigure(R"re(<figure class="chart">)re");
    static const std::regex kNumbers(R"re(<summary>Numbers</summary>)re");
    const auto count = [&](const std::regex& pattern) {
        return std::distance(std::sregex_iterator(page.begin(), page.end(), pattern),
                             std::sregex_iterator());
    };
    EXPECT_GT(count(kFigure), 10);
    EXPECT_EQ(count(kFigure), count(kNumbers));
}

TEST(Page, HoldsTheLicenceOfTheLibraryItHolds) {
    EXPECT_THAT(small_page(), HasSubstr("UW Interactive Data Lab"));
}

TEST(Assets, OfVegaHoldNothingThatEndsAScript) {
    EXPECT_EQ(kVega.find("</script"), std::string_view::npos);
    EXPECT_EQ(kVega.find("<!--"), std::string_view::npos);
    EXPECT_EQ(kPageScript.find("</script"), std::string_view::npos);
}

}  // namespace
}  // namespace promptcl::report

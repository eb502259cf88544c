// The page in a real browser. Skipped where there is none.
#include "promptcl/report/page/page.h"

#include "tests/report/small_run.h"
#include "tests/support/shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

namespace promptcl::report {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// The name of a browser that runs without a screen; empty when none is installed.
std::string browser() {
    for (const std::string name : {"chromium", "chromium-browser", "google-chrome"}) {
        if (shell("command -v " + name).code == 0) return name;
    }
    return {};
}

/// The document as it is once its scripts have run, and what they and the browser complained of.
struct Rendered {
    std::string document;
    std::vector<std::string> complaints;
};

Rendered render(const TemporaryFolder& folder, const std::string& page) {
    const auto file = folder.write("report.html", page), profile = folder / "profile";
    const auto log = folder / "log";
    Rendered rendered;
    rendered.document =
        shell("(timeout 100 " + browser() +
              " --headless --no-sandbox --disable-gpu --enable-logging=stderr "
              "--virtual-time-budget=10000 --window-size=1200,900 --user-data-dir=" +
              profile.string() + " --dump-dom file://" + file.string() + " 2>" + log.string() + ")")
            .output;
    const std::string text = shell("cat " + log.string()).output;
    static const std::regex kConsole(R"re(CONSOLE[^\n]*)re");
    for (std::sregex_iterator line(text.begin(), text.end(), kConsole), end; line != end; ++line)
        rendered.complaints.push_back(line->str());
    return rendered;
}

std::ptrdiff_t count(const std::string& text, const std::string& part) {
    std::ptrdiff_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

class Browser : public ::testing::Test {
  protected:
    void SetUp() override {
        if (browser().empty())
            GTEST_SKIP() << "the page is NOT tested: no Chromium is installed (apt-get install "
                            "chromium)";
    }
    TemporaryFolder folder_;
};

TEST_F(Browser, DrawsEveryChartAndComplainsOfNothing) {
    const std::vector<std::filesystem::path> runs = {write_whole_run(folder_, "l2p"),
                                                     write_small_run(folder_, "bare")};
    const auto [document, complaints] = render(folder_, html_page(read_runs(runs)));
    EXPECT_THAT(complaints, IsEmpty());
    const auto charts = count(document, "<figure class=\"chart\">");
    EXPECT_GT(charts, 10);
    EXPECT_EQ(count(document, "class=\"marks\""), charts);  // Vega's drawings
    EXPECT_THAT(document, HasSubstr("data-charts=\"" + std::to_string(charts) + "\""));
    // A name that would be a script is a text and nothing else.
    EXPECT_THAT(document, Not(HasSubstr("<img src=\"x\"")));
    EXPECT_THAT(document, HasSubstr("&lt;/script&gt;"));
}

TEST_F(Browser, RunsNoScriptThatIsNotThePagesOwn) {
    const std::vector<std::filesystem::path> runs = {write_small_run(folder_, "bare")};
    std::string page = html_page(read_runs(runs));
    page.insert(page.find("<main>"), "<script>document.title = 'foreign';</script>");
    const auto [document, complaints] = render(folder_, page);
    EXPECT_THAT(document, Not(HasSubstr("<title>foreign")));
    EXPECT_THAT(complaints, Not(IsEmpty()));  // and the test above would see it
}

}  // namespace
}  // namespace promptcl::report

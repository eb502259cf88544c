#include "promptcl/fetch/fetch.h"

#include "promptcl/io/file.h"

#include "tests/fetch/http_server.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace promptcl::fetch {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Two files on the second of two addresses.
class FetchTest : public ::testing::Test {
  protected:
    FetchTest() {
        server_.serve("second/a", "abc");
        server_.serve("second/b", "b");
    }

    bool fetch(const std::string& mirror = "") {
        const auto done = [this](const RemoteFile& file, const auto&, const Fetched&) {
            done_.emplace_back(file.name);
        };
        return fetch::fetch(source_, {folder_ / "data/two", mirror, {}}, hooks_, done);
    }

    HttpServer server_;
    const std::string first_ = server_.address() + "first/",
                      second_ = server_.address() + "second/";
    const Source source_{
        .name = "two",
        .bases = {first_, second_},
        .files = {{"a", 3, Checksum{io::DigestKind::kMd5, "900150983cd24fb0d6963f7d28e17f72"}},
                  {"b", 0, std::nullopt}}};
    TemporaryFolder folder_;
    std::vector<std::string> done_, notes_;
    Hooks hooks_{.progress = {},
                 .note = [this](const std::string& sentence) { notes_.push_back(sentence); },
                 .stop = {}};
};

TEST_F(FetchTest, TriesTheNextAddressWhereOneDoesNotHaveTheFile) {
    EXPECT_TRUE(fetch());
    EXPECT_THAT(done_, ElementsAre("a", "b"));
    EXPECT_EQ(io::read_file(folder_ / "data/two/a"), "abc");
    EXPECT_THAT(notes_, ElementsAre(HasSubstr("404"), HasSubstr("trying " + second_)));
}

TEST_F(FetchTest, TriesTheNextAddressWhereOneSendsSomethingElse) {
    server_.serve("first/a", "abd");
    EXPECT_TRUE(fetch());
    EXPECT_EQ(io::read_file(folder_ / "data/two/a"), "abc");
}

TEST_F(FetchTest, ThrowsTheErrorOfTheLastAddress) {
    server_.serve("second/a", "abd");
    EXPECT_THAT(message_of<Error>([&] { fetch(); }), HasSubstr("what " + second_ + "a sent"));
    EXPECT_THAT(done_, IsEmpty());
}

TEST_F(FetchTest, TakesAMirrorInPlaceOfEveryAddress) {
    server_.serve("mirror/a", "abc");
    server_.serve("mirror/b", "b");
    EXPECT_TRUE(fetch(server_.address() + "mirror"));
    for (const auto& request : server_.requests())
        EXPECT_THAT(request.path, HasSubstr("/mirror/"));
}

TEST_F(FetchTest, StopsAtOnce) {
    hooks_.stop = [] { return true; };
    EXPECT_FALSE(fetch());
    EXPECT_THAT(done_, IsEmpty());
}

TEST_F(FetchTest, NamesAFolderThatCannotBeMade) {
    std::ofstream(folder_ / "data") << "a file";
    EXPECT_THAT(message_of<Error>([&] { fetch(); }), HasSubstr("cannot write"));
}

}  // namespace
}  // namespace promptcl::fetch

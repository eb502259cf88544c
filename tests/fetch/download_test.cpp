#include "promptcl/fetch/download.h"

#include "promptcl/io/file.h"

#include "tests/fetch/http_server.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace promptcl::fetch {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Patience kHasty{
    .stalled = std::chrono::seconds(1), .pause = std::chrono::milliseconds(0), .tries = 3};

/// A file that needs many packets, no two parts of it alike.
std::string long_text() {
    std::string text;
    for (int i = 0; i < 60'000; ++i)
        text += std::to_string(i) + "\n";
    return text;
}

std::string sha256_of(const std::string& text) {
    io::Digest digest(io::DigestKind::kSha256);
    digest.update(std::as_bytes(std::span(text)));
    return digest.hex();
}

void write(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

/// A server with one file, a folder that it comes into, and the progress and notes on the way.
class DownloadTest : public ::testing::Test {
  protected:
    Fetched fetch() { return fetch(file_); }
    Fetched fetch(const RemoteFile& file) {
        return download(server_.address() + "a.bin", file, target_, hooks_, kHasty);
    }
    std::vector<std::string> ranges() const {
        std::vector<std::string> asked;
        for (const auto& request : server_.requests())
            asked.push_back(request.range);
        return asked;
    }

    const std::string contents_ = long_text();
    const std::string digest_ = sha256_of(contents_);
    const RemoteFile file_{"a.bin", std::ssize(contents_),
                           Checksum{io::DigestKind::kSha256, digest_}};
    const RemoteFile unchecked_{"a.bin", 0, std::nullopt};

    TemporaryFolder folder_;
    const fs::path target_ = folder_ / "a.bin";
    const fs::path part_ = folder_ / "a.bin.part";
    HttpServer server_;
    std::int64_t done_ = 0, total_ = 0;
    std::vector<std::string> notes_;
    Hooks hooks_{.progress =
                     [this](std::int64_t done, std::int64_t total) {
                         done_ = done;
                         total_ = total;
                     },
                 .note = [this](const std::string& sentence) { notes_.push_back(sentence); },
                 .stop = {}};
};

TEST_F(DownloadTest, BringsTheWholeFileAndNothingElse) {
    server_.serve("a.bin", contents_);
    const Fetched fetched = fetch();
    EXPECT_EQ(fetched.outcome, Outcome::kFetched);
    EXPECT_EQ(fetched.digest, digest_);
    EXPECT_EQ(io::read_file(target_), contents_);
    EXPECT_THAT(folder_.names(), ElementsAre("a.bin"));
    EXPECT_EQ(done_, std::ssize(contents_));
    EXPECT_EQ(total_, std::ssize(contents_));
    EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(DownloadTest, ComparesAnMd5WhereThatIsPublished) {
    server_.serve("a.bin", "abc");
    const RemoteFile md5{"a.bin", 3,
                         Checksum{io::DigestKind::kMd5, "900150983cd24fb0d6963f7d28e17f72"}};
    EXPECT_EQ(fetch(md5).digest, "900150983cd24fb0d6963f7d28e17f72");
}

TEST_F(DownloadTest, TellsTheSha256WhereNoneIsPublished) {
    server_.serve("a.bin", contents_, {.announces_length = false});
    EXPECT_EQ(fetch(unchecked_).digest, digest_);
    EXPECT_EQ(total_, 0);
}

TEST_F(DownloadTest, FollowsRedirections) {
    server_.serve("a.bin", "", {.redirect_to = server_.address() + "elsewhere"});
    server_.serve("elsewhere", contents_);
    EXPECT_EQ(fetch().outcome, Outcome::kFetched);
}

TEST_F(DownloadTest, LeavesAFileThatIsThereAlone) {
    write(target_, contents_);
    EXPECT_EQ(fetch().outcome, Outcome::kWasThere);
    EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(DownloadTest, RefusesAFileThatIsThereAndWrong) {
    write(target_, "my own");
    EXPECT_THAT(message_of<Error>([&] { fetch(); }),
                AllOf(HasSubstr(target_.string()), HasSubstr(digest_), HasSubstr("remove it")));
    EXPECT_EQ(io::read_file(target_), "my own");
}

TEST_F(DownloadTest, RemovesWhatHasAnotherChecksumAndNamesBoth) {
    std::string wrong = contents_;
    wrong.back() = '!';
    server_.serve("a.bin", wrong);
    EXPECT_THAT(message_of<Error>([&] { fetch(); }),
                AllOf(HasSubstr("SHA-256 " + sha256_of(wrong) + " instead of " + digest_),
                      HasSubstr("--mirror")));
    EXPECT_THAT(folder_.names(), IsEmpty());
}

TEST_F(DownloadTest, GoesOnWhereTheConnectionWasCut) {
    server_.serve("a.bin", contents_, {.cut_after = contents_.size() / 2 - 10});
    EXPECT_EQ(fetch().outcome, Outcome::kFetched);
    EXPECT_EQ(io::read_file(target_), contents_);
    const auto half = std::to_string(contents_.size() / 2 - 10);
    const auto most = std::to_string(2 * (contents_.size() / 2 - 10));
    EXPECT_THAT(ranges(), ElementsAre("", "bytes=" + half + "-", "bytes=" + most + "-"));
    EXPECT_THAT(notes_, ElementsAre(HasSubstr("trying again"), HasSubstr("trying again")));
}

TEST_F(DownloadTest, GivesUpAfterSomeTriesThatBringNothingAndKeepsThePart) {
    server_.serve("a.bin", contents_, {.knows_ranges = false, .cut_after = 100'000});
    EXPECT_THAT(message_of<Error>([&] { fetch(); }),
                AllOf(HasSubstr("cannot fetch " + server_.address() + "a.bin: "),
                      HasSubstr("the same command goes on behind byte 100000")));
    EXPECT_THAT(folder_.names(), ElementsAre("a.bin.part"));
    EXPECT_EQ(io::read_file(part_), contents_.substr(0, 100'000));
}

TEST_F(DownloadTest, NoticesAnEndThatComesTooEarlyWithoutALength) {
    server_.serve("a.bin", contents_, {.announces_length = false, .cut_after = 0});
    EXPECT_THAT(message_of<Error>([&] { fetch(); }),
                HasSubstr("the server sent 0 of " + std::to_string(contents_.size()) + " bytes"));
}

TEST_F(DownloadTest, IsStoppedAndGoesOnInTheNextCall) {
    server_.serve("a.bin", contents_);
    hooks_.stop = [this] { return done_ > 50'000; };
    EXPECT_EQ(fetch().outcome, Outcome::kStopped);
    const std::string part = io::read_file(part_);
    EXPECT_LT(part.size(), contents_.size());
    EXPECT_THAT(folder_.names(), ElementsAre("a.bin.part"));

    hooks_.stop = {};
    EXPECT_EQ(fetch().outcome, Outcome::kFetched);
    EXPECT_THAT(ranges(), ElementsAre("", "bytes=" + std::to_string(part.size()) + "-"));
    EXPECT_EQ(io::read_file(target_), contents_);
}

TEST_F(DownloadTest, BeginsAnewWhenTheServerKnowsNoRanges) {
    server_.serve("a.bin", contents_, {.knows_ranges = false});
    write(part_, "a part of something else");
    EXPECT_EQ(fetch().outcome, Outcome::kFetched);
    EXPECT_EQ(io::read_file(target_), contents_);
    EXPECT_THAT(notes_, ElementsAre(HasSubstr("from the beginning")));
}

TEST_F(DownloadTest, BeginsAnewWhenThePartIsLongerThanTheFile) {
    server_.serve("a.bin", "abc");
    write(part_, "longer than that");
    EXPECT_EQ(fetch(unchecked_).outcome, Outcome::kFetched);
    EXPECT_EQ(io::read_file(target_), "abc");
}

TEST_F(DownloadTest, AsksForNothingWhenThePartIsWhole) {
    write(part_, contents_);
    EXPECT_EQ(fetch().outcome, Outcome::kFetched);
    EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(DownloadTest, SaysWhatTheServerAnswersAndLeavesNothing) {
    EXPECT_THAT(message_of<Error>([&] { fetch(); }),
                HasSubstr("cannot fetch " + server_.address() + "a.bin: the server answers 404"));
    EXPECT_EQ(server_.requests().size(), 1U);
    EXPECT_THAT(folder_.names(), IsEmpty());
}

TEST_F(DownloadTest, TriesAnOverloadedServerAgain) {
    server_.serve("a.bin", contents_, {.status = 503});
    EXPECT_THAT(message_of<Error>([&] { fetch(); }), HasSubstr("the server answers 503"));
    EXPECT_EQ(server_.requests().size(), 3U);
}

TEST_F(DownloadTest, NoticesAServerThatFallsSilent) {
    server_.serve("a.bin", contents_, {.stall_after = 1000});
    bool once = false;
    hooks_.note = [&](const std::string&) {
        if (!std::exchange(once, true)) server_.serve("a.bin", contents_);
    };
    EXPECT_EQ(fetch().outcome, Outcome::kFetched);
    EXPECT_THAT(ranges(), ElementsAre("", "bytes=1000-"));
}

TEST_F(DownloadTest, SaysThatNobodyListens) {
    EXPECT_THAT(message_of<Error>(
                    [&] { download("http://127.0.0.1:1/a.bin", file_, target_, hooks_, kHasty); }),
                AllOf(HasSubstr("http://127.0.0.1:1/a.bin"), HasSubstr("connect")));
    EXPECT_THAT(folder_.names(), IsEmpty());
}

TEST_F(DownloadTest, RefusesAddressesThatAreNotOfTheWeb) {
    EXPECT_THAT(message_of<Error>(
                    [&] { download("file:///etc/passwd", unchecked_, target_, hooks_, kHasty); }),
                HasSubstr("cannot fetch file:///etc/passwd"));
}

TEST_F(DownloadTest, AsksForTheSpaceBeforeItWrites) {
    server_.serve("a.bin", contents_, {.announced = std::int64_t{1} << 60});
    EXPECT_THAT(message_of<Error>([&] { fetch(unchecked_); }),
                AllOf(HasSubstr("needs 1152921504606846976 more bytes"), HasSubstr("--to")));
    EXPECT_THAT(folder_.names(), IsEmpty());
}

TEST_F(DownloadTest, NamesAFolderThatCannotBeWritten) {
    const fs::path missing = folder_ / "none";
    EXPECT_THAT(message_of<Error>([&] {
                    download(server_.address() + "a.bin", file_, missing / "a.bin", hooks_, kHasty);
                }),
                HasSubstr("cannot write " + (missing / "a.bin.part").string()));
}

TEST_F(DownloadTest, RefusesAFileThatAnotherProcessIsFetching) {
    server_.serve("a.bin", contents_);
    std::string second;
    hooks_.progress = [&](std::int64_t, std::int64_t) {
        if (second.empty())
            second = message_of<Error>([&] { download("http://x/", file_, target_, {}, kHasty); });
    };
    EXPECT_EQ(fetch().outcome, Outcome::kFetched);
    EXPECT_THAT(second, HasSubstr("another promptcl is fetching into " + part_.string()));
}

}  // namespace
}  // namespace promptcl::fetch

#include "promptcl/io/event_writer.h"

#include "promptcl/core/error.h"
#include "promptcl/io/crc32c.h"
#include "promptcl/io/tfrecord.h"

#include "tests/io/limits.h"
#include "tests/io/read_events.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <sys/wait.h>

namespace promptcl::io {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Crc32c, IsThatOfThePublishedExamples) {
    EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
    EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);    // RFC 3720, B.4
    EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);  // RFC 3720, B.4
    EXPECT_EQ(crc32c(""), 0U);
}

TEST(TfRecord, FramesDataWithItsLengthAndChecksums) {
    // The first twelve bytes of every event file of TensorFlow.
    const std::string data(24, 'x');
    const auto record = frame_record(data);
    EXPECT_EQ(record.substr(0, 12), "\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22"s);
    EXPECT_EQ(record.size(), 12u + 24u + 4u);
    EXPECT_THAT(read_records(record + record), ElementsAre(data, data));
    EXPECT_THAT(parse_records(record + record).data, ElementsAre(data, data));
    EXPECT_THAT(read_records(frame_record("")), ElementsAre(""));
}

TEST(EventWriter, BeginsWithTheVersionOfTheFormat) {
    const TemporaryFolder folder;
    const EventWriter writer(folder.path());
    const auto records = read_records(read_file(writer.path()));
    ASSERT_EQ(records.size(), 1u);
    // wall_time (field 1, double), then file_version (field 3, text of 13 bytes)
    EXPECT_EQ(records[0].substr(0, 1), "\x09");
    EXPECT_EQ(records[0].substr(9),
              "\x1a\x0d"
              "brain.Event:2");
}

TEST(EventWriter, NamesItsFileAsTensorBoardExpects) {
    const TemporaryFolder folder;
    const EventWriter writer(folder.path());
    EXPECT_THAT(writer.path().filename().string(),
                testing::MatchesRegex("events\\.out\\.tfevents\\.[0-9]+\\..+\\.[0-9]+"));
}

TEST(EventWriter, WritesTheBytesOfAScalar) {
    const TemporaryFolder folder;
    EventWriter writer(folder.path());
    writer.scalar("loss", 300, 1.5);
    writer.flush();
    const auto records = read_records(read_file(writer.path()));
    ASSERT_EQ(records.size(), 2u);
    // step (field 2) 300 = 0xac 0x02; summary (5) { value (1) { tag (1), simple_value (2) } }
    EXPECT_EQ(records[1].substr(9),
              "\x10\xac\x02\x2a\x0d\x0a\x0b\x0a\x04loss\x15\x00\x00\xc0\x3f"s);
}

TEST(EventWriter, StampsEventsWithTheTime) {
    const TemporaryFolder folder;
    { EventWriter(folder.path()).scalar("loss", 1, 0); }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    for (const auto& event : read_events(folder.path())) {
        EXPECT_NEAR(event.wall_time(), std::chrono::duration<double>(now).count(), 60);
    }
}

TEST(EventWriter, WritesHistogramsThatCountEveryValueOnce) {
    const TemporaryFolder folder;
    const std::vector<double> values{0, 0.5, 1, 29.5, 30};
    { EventWriter(folder.path()).histogram("prompt", 2, values); }
    const auto events = read_events(folder.path());
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[1].step(), 2);
    const auto& histogram = events[1].summary().value(0).histo();
    EXPECT_EQ(histogram.min(), 0);
    EXPECT_EQ(histogram.max(), 30);
    EXPECT_EQ(histogram.num(), 5);
    EXPECT_EQ(histogram.sum(), 61);
    EXPECT_EQ(histogram.sum_squares(), 0.25 + 1 + 870.25 + 900);
    ASSERT_EQ(histogram.bucket_size(), 30);
    ASSERT_EQ(histogram.bucket_limit_size(), 30);
    EXPECT_EQ(histogram.bucket_limit(0), 1);
    EXPECT_EQ(histogram.bucket_limit(29), 30);
    EXPECT_EQ(histogram.bucket(0), 2);
    EXPECT_EQ(histogram.bucket(1), 1);
    EXPECT_EQ(histogram.bucket(29), 2);
}

TEST(EventWriter, WritesOneBucketForOneValue) {
    const TemporaryFolder folder;
    { EventWriter(folder.path()).histogram("x", 1, std::vector<double>(7, 0.25)); }
    const auto histogram = read_events(folder.path())[1].summary().value(0).histo();
    EXPECT_THAT(histogram.bucket(), ElementsAre(7));
    EXPECT_THAT(histogram.bucket_limit(), ElementsAre(0.25));
}

TEST(EventWriter, LeavesValuesThatAreNotFiniteOutOfHistograms) {
    constexpr double kHuge = std::numeric_limits<double>::max();
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    const TemporaryFolder folder;
    {
        EventWriter writer(folder.path());
        writer.histogram("x", 1, std::vector<double>{-kHuge, kHuge, kInfinity, std::nan("")});
        writer.histogram("x", 2, std::vector<double>{std::nan("")});
        writer.histogram("x", 3, {});
    }
    const auto events = read_events(folder.path());
    EXPECT_EQ(events[1].summary().value(0).histo().num(), 2);
    EXPECT_EQ(events[2].summary().value(0).histo().num(), 0);
    EXPECT_TRUE(events[3].summary().value(0).has_histo());
}

TEST(EventWriter, WritesTextsForTheTextPlugin) {
    const TemporaryFolder folder;
    { EventWriter(folder.path()).text("configuration", 0, "| a | 1 |"); }
    const auto value = read_events(folder.path())[1].summary().value(0);
    EXPECT_EQ(value.tag(), "configuration");
    EXPECT_EQ(value.metadata().plugin_data().plugin_name(), "text");
    EXPECT_EQ(value.tensor().dtype(), tensorboard::Tensor::DT_STRING);
    EXPECT_EQ(value.tensor().tensor_shape().dim(0).size(), 1);
    EXPECT_THAT(value.tensor().string_val(), ElementsAre("| a | 1 |"));
}

TEST(EventWriter, MarksTheStepAtWhichARunContinues) {
    const TemporaryFolder folder;
    { EventWriter(folder.path(), 40).scalar("loss", 40, 1); }
    const auto events = read_events(folder.path());
    ASSERT_EQ(events.size(), 3u);
    EXPECT_EQ(events[1].step(), 40);
    EXPECT_EQ(events[1].session_log().status(), tensorboard::SessionLog::START);
}

TEST(EventWriter, NamesLaterFilesLaterEvenWithinASecond) {
    const TemporaryFolder folder;
    std::vector<std::string> names;
    for (int run = 0; run < 3; ++run) {
        names.push_back(EventWriter(folder.path()).path().filename().string());
    }
    EXPECT_LT(names[0], names[1]);
    EXPECT_LT(names[1], names[2]);
}

TEST(EventWriter, LeavesWholeRecordsWhenItsProcessIsKilled) {
    const TemporaryFolder folder;
    const pid_t child = ::fork();
    if (child == 0) {
        EventWriter writer(folder.path());
        for (int step = 0; step < 10000; ++step)
            writer.scalar("loss", step, 0.5);
        ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    const auto events = read_events(folder.path());
    ASSERT_GT(events.size(), 5000u);
    for (std::size_t i = 1; i < events.size(); ++i) {
        EXPECT_EQ(events[i].step(), static_cast<std::int64_t>(i) - 1);
    }
}

TEST(EventWriter, WritesNoHalfRecordWhenTheFileCannotGrow) {
    const TemporaryFolder folder;
    EventWriter writer(folder.path());
    writer.text("long", 1, std::string(2000, 'x'));
    std::string message;
    {
        const FileSizeLimit limit(1000);
        message = message_of<Error>([&] { writer.flush(); });
    }
    EXPECT_THAT(message, HasSubstr("cannot write " + writer.path().string()));
    EXPECT_EQ(read_records(read_file(writer.path())).size(), 1u);
    writer.scalar("loss", 2, 1);
    writer.flush();
    EXPECT_EQ(read_events(folder.path()).size(), 3u);
}

TEST(EventWriter, MakesItsFolder) {
    const TemporaryFolder folder;
    { const EventWriter writer(folder / "a" / ""); }
    EXPECT_EQ(read_events(folder / "a").size(), 1u);
}

TEST(EventWriter, SaysThatTheFolderCannotBeMade) {
    EXPECT_THAT(message_of<Error>([] { EventWriter("/dev/null/events"); }),
                HasSubstr("cannot write /dev/null/events"));
}

}  // namespace
}  // namespace promptcl::io

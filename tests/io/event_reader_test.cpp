#include "promptcl/io/event_reader.h"

#include "promptcl/io/event_writer.h"
#include "promptcl/io/file.h"
#include "promptcl/io/tfrecord.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// "loss 3 0.5" for each scalar.
std::vector<std::string> scalars_of(const LoggedEvents& events) {
    std::vector<std::string> texts;
    for (const auto& [tag, step, value] : events.scalars)
        texts.push_back(tag + " " + std::to_string(step) + " " +
                        std::to_string(value).substr(0, 4));
    return texts;
}

TEST(EventReader, ReadsBackScalarsAndHistograms) {
    const TemporaryFolder folder;
    {
        EventWriter writer(folder.path());
        writer.scalar("loss", 3, 0.5);
        writer.histogram("histogram_0", 4, std::vector<double>{0, 30, 30});
        writer.text("config", 4, "not for curves");
    }
    const auto events = read_event_files(folder.path());
    EXPECT_THAT(scalars_of(events), ElementsAre("loss 3 0.50"));
    ASSERT_EQ(events.histograms.size(), 1U);
    EXPECT_EQ(events.histograms[0].tag, "histogram_0");
    EXPECT_EQ(events.histograms[0].step, 4);
    EXPECT_EQ(events.histograms[0].min, 0);
    EXPECT_EQ(events.histograms[0].limits.size(), 30U);
    EXPECT_EQ(events.histograms[0].counts.front(), 1);
    EXPECT_EQ(events.histograms[0].counts.back(), 2);
    EXPECT_THAT(events.problems, IsEmpty());
}

TEST(EventReader, DropsWhatAResumedRunWroteAgain) {
    const TemporaryFolder folder;
    {
        EventWriter writer(folder.path());
        for (const std::int64_t step : {1, 2, 3})
            writer.scalar("loss", step, 0.1);
        writer.histogram("h", 3, std::vector<double>{1});
    }
    { EventWriter(folder.path(), 2).scalar("loss", 2, 0.9); }
    const auto events = read_event_files(folder.path());
    EXPECT_THAT(scalars_of(events), ElementsAre("loss 1 0.10", "loss 2 0.90"));
    EXPECT_THAT(events.histograms, IsEmpty());
}

TEST(EventReader, LeavesOutARecordThatIsCutOff) {
    const TemporaryFolder folder;
    const EventWriter writer(folder.path());
    const auto whole = read_file(writer.path());
    const auto record = frame_record("not read");
    for (std::size_t size = 1; size < record.size(); ++size) {
        folder.write(writer.path().filename().string(), whole + record.substr(0, size));
        EXPECT_THAT(read_event_files(folder.path()).problems, IsEmpty()) << size;
    }
}

TEST(EventReader, SaysWhichFileIsDamagedAndKeepsWhatComesBefore) {
    const TemporaryFolder folder;
    std::filesystem::path file;
    {
        EventWriter writer(folder.path());
        writer.scalar("loss", 1, 0.5);
        writer.scalar("loss", 2, 0.5);
        file = writer.path();
    }
    std::string contents = read_file(file);
    contents[contents.size() - 6] ^= 1;  // in the data of the last record
    folder.write(file.filename().string(), contents);
    const auto events = read_event_files(folder.path());
    EXPECT_THAT(scalars_of(events), ElementsAre("loss 1 0.50"));
    EXPECT_THAT(events.problems, ElementsAre(HasSubstr(file.string() + " is damaged")));
    folder.write(file.filename().string(), frame_record("\xff\xff"));  // no event
    EXPECT_EQ(read_event_files(folder.path()).problems.size(), 1U);
}

TEST(EventReader, FindsNothingWhereThereIsNothing) {
    const TemporaryFolder folder;
    folder.write("results.json", "{}");
    EXPECT_THAT(read_event_files(folder.path()).scalars, IsEmpty());
    EXPECT_THAT(read_event_files(folder / "none").scalars, IsEmpty());
}

}  // namespace
}  // namespace promptcl::io

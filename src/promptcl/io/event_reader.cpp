#include "promptcl/io/event_reader.h"

#include "promptcl/io/event.pb.h"
#include "promptcl/io/event_writer.h"
#include "promptcl/io/file.h"
#include "promptcl/io/tfrecord.h"

#include <algorithm>
#include <system_error>

namespace promptcl::io {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> event_files_of(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (fs::directory_iterator entry(folder, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        if (entry->path().filename().string().starts_with(kEventFilePrefix))
            files.push_back(entry->path());
    }
    std::ranges::sort(files);
    return files;
}

void forget_from(std::int64_t step, LoggedEvents& events) {
    std::erase_if(events.scalars, [&](const auto& scalar) { return scalar.step >= step; });
    std::erase_if(events.histograms, [&](const auto& histogram) { return histogram.step >= step; });
}

void add(const tensorboard::Event& event, LoggedEvents& events) {
    if (event.has_session_log() && event.session_log().status() == tensorboard::SessionLog::START)
        forget_from(event.step(), events);
    for (const auto& value : event.summary().value()) {
        if (value.has_simple_value())
            events.scalars.push_back({value.tag(), event.step(), value.simple_value()});
        if (!value.has_histo()) continue;
        const auto& histogram = value.histo();
        events.histograms.push_back(
            {value.tag(),
             event.step(),
             histogram.min(),
             {histogram.bucket_limit().begin(), histogram.bucket_limit().end()},
             {histogram.bucket().begin(), histogram.bucket().end()}});
    }
}

}  // namespace

LoggedEvents read_event_files(const fs::path& folder) {
    LoggedEvents events;
    for (const auto& file : event_files_of(folder)) {
        const std::string contents = read_file(file);
        const Records records = parse_records(contents);
        bool damaged = records.damaged;
        for (const auto record : records.data) {
            tensorboard::Event event;
            if (event.ParseFromArray(record.data(), static_cast<int>(record.size())))
                add(event, events);
            else
                damaged = true;
        }
        if (damaged)
            events.problems.push_back(file.string() + " is damaged; a part of its curves is lost");
    }
    return events;
}

}  // namespace promptcl::io

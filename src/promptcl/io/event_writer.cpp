#include "promptcl/io/event_writer.h"

#include "promptcl/core/error.h"
#include "promptcl/io/event.pb.h"
#include "promptcl/io/tfrecord.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace promptcl::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPendingBytes = 1 << 16;
constexpr int kBuckets = 30;

double seconds_since_1970() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration<double>(now).count();
}

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
    return name.data();
}

/// The seconds in the name of the folder's last event file; 0 without one.
std::int64_t last_file_second(const fs::path& folder) {
    std::int64_t last = 0;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if (!name.starts_with(kEventFilePrefix)) continue;
        std::int64_t second = 0;
        std::from_chars(name.data() + kEventFilePrefix.size(), name.data() + name.size(), second);
        last = std::max(last, second);
    }
    return last;
}

fs::path new_file_in(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw file_error("write", folder / kEventFilePrefix, error.value());
    const auto now = static_cast<std::int64_t>(seconds_since_1970());
    const auto second = std::max(now, last_file_second(folder) + 1);
    return folder /
           fmt::format("{}{:010}.{}.{}", kEventFilePrefix, second, host_name(), ::getpid());
}

/// `values` are finite.
void fill(tensorboard::Histogram& histogram, std::span<const double> values) {
    const auto [min, max] = std::ranges::minmax(values);
    const double width = max / kBuckets - min / kBuckets;
    const int buckets = width > 0 ? kBuckets : 1;
    std::vector<double> counts(static_cast<std::size_t>(buckets), 0.0);
    double sum = 0, sum_squares = 0;
    for (const double value : values) {
        const double place = buckets == 1 ? 0.0 : std::floor((value - min) / width);
        counts[static_cast<std::size_t>(std::min(place, buckets - 1.0))] += 1;
        sum += value;
        sum_squares += value * value;
    }
    histogram.set_min(min);
    histogram.set_max(max);
    histogram.set_num(static_cast<double>(values.size()));
    histogram.set_sum(sum);
    histogram.set_sum_squares(sum_squares);
    for (int bucket = 1; bucket < buckets; ++bucket) {
        histogram.add_bucket_limit(min + bucket * width);
    }
    histogram.add_bucket_limit(max);
    histogram.mutable_bucket()->Add(counts.begin(), counts.end());
}

}  // namespace

EventWriter::EventWriter(const fs::path& folder, std::int64_t start_step)
    : path_(new_file_in(folder)), file_(File::open_to_write(path_, O_WRONLY | O_CREAT | O_EXCL)) {
    tensorboard::Event version;
    version.set_file_version("brain.Event:2");
    add(version, 0);
    if (start_step > 0) {
        tensorboard::Event start;
        start.mutable_session_log()->set_status(tensorboard::SessionLog::START);
        add(start, start_step);
    }
    flush();
}

EventWriter::~EventWriter() {
    try {
        flush();
    } catch (const Error&) {
    }
}

void EventWriter::scalar(std::string_view tag, std::int64_t step, double value) {
    tensorboard::Event event;
    add_value(event, tag).set_simple_value(static_cast<float>(value));
    add(event, step);
}

void EventWriter::histogram(std::string_view tag, std::int64_t step,
                            std::span<const double> values) {
    std::vector<double> finite;
    std::ranges::copy_if(values, std::back_inserter(finite),
                         [](double value) { return std::isfinite(value); });
    tensorboard::Event event;
    auto& histogram = *add_value(event, tag).mutable_histo();
    if (!finite.empty()) fill(histogram, finite);
    add(event, step);
}

void EventWriter::text(std::string_view tag, std::int64_t step, std::string_view markdown) {
    tensorboard::Event event;
    auto& value = add_value(event, tag);
    value.mutable_metadata()->mutable_plugin_data()->set_plugin_name("text");
    auto& tensor = *value.mutable_tensor();
    tensor.set_dtype(tensorboard::Tensor::DT_STRING);
    tensor.mutable_tensor_shape()->add_dim()->set_size(1);
    tensor.add_string_val(std::string(markdown));
    add(event, step);
}

void EventWriter::flush() {
    if (pending_.empty()) return;
    try {
        file_.write(pending_);
    } catch (const Error&) {
        file_.truncate(written_);  // no half record before the next try
        throw;
    }
    written_ += static_cast<std::int64_t>(pending_.size());
    pending_.clear();
}

tensorboard::Summary_Value& EventWriter::add_value(tensorboard::Event& event,
                                                   std::string_view tag) {
    auto& value = *event.mutable_summary()->add_value();
    value.set_tag(std::string(tag));
    return value;
}

void EventWriter::add(tensorboard::Event& event, std::int64_t step) {
    event.set_wall_time(seconds_since_1970());
    event.set_step(step);
    pending_ += frame_record(event.SerializeAsString());
    if (pending_.size() >= kPendingBytes) flush();
}

}  // namespace promptcl::io

// Scalars, histograms and texts for TensorBoard.
#pragma once

#include "promptcl/io/file.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace promptcl::tensorboard {
class Event;
class Summary_Value;
}  // namespace promptcl::tensorboard

namespace promptcl::io {

/// How the name of every event file begins; the seconds follow.
inline constexpr std::string_view kEventFilePrefix = "events.out.tfevents.";

/// Appends to one event file, "events.out.tfevents.SECONDS.HOST.PID", whose SECONDS are those of
/// now but later than any other's in the folder, because TensorBoard reads files in the order of
/// names. Only whole records are written: a killed process leaves at worst a truncated last one,
/// which readers drop. Every function throws Error when the file cannot be written.
class EventWriter {
  public:
    /// Makes the folder if needed. `start_step` > 0 continues a run: TensorBoard then drops what
    /// earlier files of the folder hold for this step and later ones.
    explicit EventWriter(const std::filesystem::path& folder, std::int64_t start_step = 0);
    /// Flushes; a failure to do so is lost, so call flush() first.
    ~EventWriter();
    EventWriter(const EventWriter&) = delete;
    EventWriter& operator=(const EventWriter&) = delete;

    /// `value` is stored as float32.
    void scalar(std::string_view tag, std::int64_t step, double value);
    /// Thirty buckets of equal width from the smallest to the largest of `values`; those that are
    /// not finite are left out.
    void histogram(std::string_view tag, std::int64_t step, std::span<const double> values);
    void text(std::string_view tag, std::int64_t step, std::string_view markdown);
    /// Hands everything to the operating system.
    void flush();

    const std::filesystem::path& path() const { return path_; }

  private:
    void add(tensorboard::Event& event, std::int64_t step);
    tensorboard::Summary_Value& add_value(tensorboard::Event& event, std::string_view tag);

    std::filesystem::path path_;
    File file_;
    std::string pending_;       // whole records that are not yet in the file
    std::int64_t written_ = 0;  // bytes in the file
};

}  // namespace promptcl::io

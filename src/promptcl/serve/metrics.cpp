#include "promptcl/serve/metrics.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace promptcl::serve {
namespace {

std::string head(std::string_view name, std::string_view type, std::string_view help) {
    return fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

/// A value between quotes: backslashes, quotes and line ends are escaped.
std::string label(std::string_view value) {
    std::string result;
    for (const char letter : value) {
        if (letter == '\\' || letter == '"') result += '\\';
        result += letter == '\n' ? std::string("\\n") : std::string(1, letter);
    }
    return result;
}

}  // namespace

void Histogram::add(double value) {
    const auto bound = std::ranges::lower_bound(bounds_, value);
    ++counts_[static_cast<std::size_t>(bound - bounds_.begin())];
    sum_ += value;
}

std::string Histogram::text(const std::string& name) const {
    std::string result;
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
        below += counts_[i];
        result += fmt::format("{}_bucket{{le=\"{}\"}} {}\n", name, bounds_[i], below);
    }
    below += counts_.back();
    return result + fmt::format("{0}_bucket{{le=\"+Inf\"}} {1}\n{0}_sum {2}\n{0}_count {1}\n", name,
                                below, sum_);
}

void Metrics::count_reply(int status) {
    const std::lock_guard lock(mutex_);
    ++replies_[status];
}

void Metrics::count_image(const std::string& model, double seconds) {
    const std::lock_guard lock(mutex_);
    ++images_[model];
    seconds_.add(seconds);
}

void Metrics::count_batch(std::int64_t images) {
    const std::lock_guard lock(mutex_);
    batches_.add(static_cast<double>(images));
}

void Metrics::count_load(bool succeeded) {
    const std::lock_guard lock(mutex_);
    ++(succeeded ? loads_ : failed_loads_);
}

std::string Metrics::text(std::int64_t waiting, std::int64_t models) const {
    const std::lock_guard lock(mutex_);
    std::string text = head("promptcl_requests_total", "counter", "Requests by the reply's code.");
    for (const auto& [status, count] : replies_)
        text += fmt::format("promptcl_requests_total{{code=\"{}\"}} {}\n", status, count);
    text += head("promptcl_images_total", "counter", "Images answered.");
    for (const auto& [model, count] : images_)
        text += fmt::format("promptcl_images_total{{model=\"{}\"}} {}\n", label(model), count);
    text += head("promptcl_image_seconds", "histogram", "From an image's request to its answer.") +
            seconds_.text("promptcl_image_seconds");
    text += head("promptcl_batch_images", "histogram", "Images computed together.") +
            batches_.text("promptcl_batch_images");
    text += head("promptcl_waiting_images", "gauge", "Images whose answer is awaited.") +
            fmt::format("promptcl_waiting_images {}\n", waiting);
    text += head("promptcl_models", "gauge", "Model files in service.") +
            fmt::format("promptcl_models {}\n", models);
    text += head("promptcl_model_loads_total", "counter", "Model files read, by result.") +
            fmt::format("promptcl_model_loads_total{{result=\"ok\"}} {}\n", loads_) +
            fmt::format("promptcl_model_loads_total{{result=\"failed\"}} {}\n", failed_loads_);
    return text;
}

}  // namespace promptcl::serve

#include "promptcl/cli/image_paths.h"

#include "promptcl/cli/interrupt.h"
#include "promptcl/core/error.h"
#include "promptcl/data/image_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <istream>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kPatience = 200;  // milliseconds between two looks for a signal

std::vector<fs::path> pictures_below(const fs::path& folder) {
    std::vector<fs::path> inside;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && data::is_picture(entry.path()))
            inside.push_back(entry.path());
    }
    std::ranges::sort(inside);
    return inside;
}

}  // namespace

std::vector<fs::path> picture_paths(std::span<const fs::path> given) {
    std::vector<fs::path> result;
    for (const fs::path& path : given) {
        if (!fs::is_directory(path)) {
            result.push_back(path);
            continue;
        }
        const auto inside = pictures_below(path);
        if (inside.empty()) {
            throw Error(fmt::format("{} holds no JPEG or PNG file", path.string()),
                        "give images or a folder of images");
        }
        result.insert(result.end(), inside.begin(), inside.end());
    }
    return result;
}

std::vector<fs::path> next_listed(std::istream& list, std::size_t most) {
    std::vector<fs::path> result;
    std::string line;
    while (result.size() < most && (result.empty() || list.rdbuf()->in_avail() > 0) &&
           std::getline(list, line)) {
        if (!line.empty()) result.emplace_back(line);
    }
    return result;
}

WatchedFolder::WatchedFolder(fs::path folder)
    : folder_(std::move(folder)), notices_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    // Watched before it is listed, so that no picture falls between the two.
    if (notices_ < 0 || ::inotify_add_watch(notices_, folder_.c_str(),
                                            IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR) < 0) {
        const std::string reason = std::strerror(errno);
        if (notices_ >= 0) ::close(notices_);
        throw Error(fmt::format("cannot watch {}: {}", folder_.string(), reason),
                    "give a folder that is there");
    }
}

WatchedFolder::~WatchedFolder() {
    ::close(notices_);
}

std::vector<fs::path> WatchedFolder::read_events() const {
    alignas(inotify_event) std::array<char, 16384> buffer;
    std::vector<fs::path> result;
    const ssize_t size = ::read(notices_, buffer.data(), buffer.size());
    for (ssize_t at = 0; at < size;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
        if (event->len > 0 && data::is_picture(event->name))
            result.push_back(folder_ / event->name);
        at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
    return result;
}

std::vector<fs::path> WatchedFolder::next() {
    if (!begun_) {
        begun_ = true;
        const auto there = pictures_below(folder_);
        if (!there.empty()) return there;
    }
    while (!interrupted()) {
        pollfd waiting{.fd = notices_, .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, kPatience) <= 0) continue;
        const auto pictures = read_events();
        if (!pictures.empty()) return pictures;
    }
    return {};
}

}  // namespace promptcl::cli

#include "promptcl/fetch/download.h"

#include "promptcl/fetch/http.h"
#include "promptcl/fetch/part_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <thread>
#include <utility>

namespace promptcl::fetch {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kNap{100};  // between two questions whether to stop

/// The published kind of checksum, SHA-256 without one.
std::string digest_of(const fs::path& path, const RemoteFile& file) {
    return io::digest_of_file(file.checksum ? file.checksum->kind : io::DigestKind::kSha256, path);
}

bool is_wrong(const std::string& digest, const RemoteFile& file) {
    return file.checksum && digest != file.checksum->hex;
}

std::string expected_and_got(const std::string& digest, const RemoteFile& file) {
    return fmt::format("{} {} instead of {}", io::name_of(file.checksum->kind), digest,
                       file.checksum->hex);
}

Fetched found(const fs::path& target, const RemoteFile& file) {
    std::string digest = digest_of(target, file);
    if (is_wrong(digest, file)) {
        throw Error(fmt::format("{} is there and has the {}", target.string(),
                                expected_and_got(digest, file)),
                    "remove it to fetch it again");
    }
    return {Outcome::kWasThere, std::move(digest)};
}

class Download {
  public:
    Download(const std::string& url, const RemoteFile& file, const fs::path& target,
             const Hooks& hooks, const Patience& patience)
        : url_(url), file_(file), hooks_(hooks), patience_(patience), part_(target) {}

    /// False when it was stopped.
    bool transfer() {
        milliseconds pause = patience_.pause;
        std::int64_t most = part_.size();
        for (int tries = 1; !is_whole_;) {
            const Reply reply = get_the_rest();
            if (reply.end == End::kStopped) return false;
            const bool was_reached = part_.size() > most || tries > 1;
            if (reply.end == End::kImpossible || (reply.end == End::kUnreachable && !was_reached))
                give_up(reply.reason);
            if (reply.end == End::kWhole || reply.end == End::kNoOffset) continue;
            if (part_.size() > most) {
                most = part_.size();
                tries = 1;
                pause = patience_.pause;
            }
            if (++tries > patience_.tries) give_up(reply.reason);
            note(fmt::format("{}: {}; trying again", file_.name, reply.reason));
            if (!wait(pause)) return false;
            pause *= 2;
        }
        return true;
    }

    Fetched finish() {
        std::string digest = digest_of(part_.path(), file_);
        if (is_wrong(digest, file_)) {
            part_.remove();
            throw Unavailable(
                fmt::format("what {} sent has the {}", url_, expected_and_got(digest, file_)),
                "try again, or take it from elsewhere (--mirror)");
        }
        part_.finish();
        return {Outcome::kFetched, std::move(digest)};
    }

  private:
    Reply get_the_rest() {
        const std::int64_t offset = part_.size();
        if (file_.bytes > 0 && offset == file_.bytes) {
            is_whole_ = true;
            return {End::kWhole, ""};
        }
        bool first = true;
        const auto body = [&](std::span<const std::byte> bytes, std::int64_t announced) {
            const std::int64_t total = announced > 0 ? offset + announced : file_.bytes;
            if (std::exchange(first, false))
                part_.require_space(std::max<std::int64_t>(total - offset, 0));
            part_.append(bytes);
            if (hooks_.progress) hooks_.progress(part_.size(), total);
        };
        Reply reply = get({url_, offset, patience_.stalled}, body, [&] { return is_stopped(); });
        if (reply.end == End::kNoOffset) {
            note(fmt::format("{}: the server cannot go on behind byte {}; from the beginning",
                             file_.name, offset));
            part_.clear();
        } else if (reply.end == End::kWhole && part_.size() < file_.bytes) {
            return {End::kBroken,
                    fmt::format("the server sent {} of {} bytes", part_.size(), file_.bytes)};
        }
        is_whole_ = reply.end == End::kWhole;
        return reply;
    }

    [[noreturn]] void give_up(const std::string& reason) {
        const std::int64_t size = part_.size();
        throw Unavailable(fmt::format("cannot fetch {}: {}", url_, reason),
                          size > 0 ? fmt::format("the same command goes on behind byte {}", size)
                                   : "try again later, or take it from elsewhere (--mirror)");
    }

    bool is_stopped() const { return hooks_.stop && hooks_.stop(); }
    void note(const std::string& sentence) const {
        if (hooks_.note) hooks_.note(sentence);
    }
    /// False when it was stopped.
    bool wait(milliseconds pause) const {
        for (; pause > milliseconds(0) && !is_stopped(); pause -= kNap)
            std::this_thread::sleep_for(std::min(pause, kNap));
        return !is_stopped();
    }

    const std::string& url_;
    const RemoteFile& file_;
    const Hooks& hooks_;
    const Patience& patience_;
    PartFile part_;
    bool is_whole_ = false;
};

}  // namespace

Fetched download(const std::string& url, const RemoteFile& file, const fs::path& target,
                 const Hooks& hooks, const Patience& patience) {
    std::error_code failure;
    if (fs::exists(target, failure)) return found(target, file);
    Download download(url, file, target, hooks, patience);
    if (!download.transfer()) return {Outcome::kStopped, ""};
    return download.finish();
}

}  // namespace promptcl::fetch

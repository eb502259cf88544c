#include "promptcl/data/decode_pictures.h"

#include "promptcl/core/error.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/resize.h"
#include "promptcl/io/sha256.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>

namespace promptcl::data {
namespace {

struct EncodedPicture {
    std::int64_t place = 0;
    std::string path, contents;
};

/// Files on their way from the thread that reads to those that decode.
class Queue {
  public:
    explicit Queue(std::size_t most) : most_(most) {}

    /// Waits for room. Throws what made a worker fail.
    void push(EncodedPicture picture) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return waiting_.size() < most_ || failure_; });
        if (failure_) std::rethrow_exception(failure_);
        waiting_.push_back(std::move(picture));
        changed_.notify_all();
    }
    /// Nothing after close() or fail().
    std::optional<EncodedPicture> pop() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !waiting_.empty() || closed_ || failure_; });
        if (waiting_.empty() || failure_) return std::nullopt;
        auto picture = std::move(waiting_.front());
        waiting_.pop_front();
        changed_.notify_all();
        return picture;
    }
    void close() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        changed_.notify_all();
    }
    void fail(std::exception_ptr failure) {
        const std::lock_guard lock(mutex_);
        failure_ = std::move(failure);
        changed_.notify_all();
    }
    void rethrow_failure() const {
        if (failure_) std::rethrow_exception(failure_);
    }

  private:
    std::size_t most_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<EncodedPicture> waiting_;
    bool closed_ = false;
    std::exception_ptr failure_;
};

DecodedPicture decode(const EncodedPicture& picture, int side, JpegDct dct) {
    const auto bytes = std::as_bytes(std::span(picture.contents));
    io::Sha256 digest;
    digest.update(bytes);
    DecodedPicture decoded{.image = {}, .skipped = {}, .sha256 = digest.hex()};
    try {
        decoded.image = decode_image(bytes, picture.path, dct);
        if (decoded.image.height > side || decoded.image.width > side)
            decoded.image = resize(decoded.image.view(), side, side);
    } catch (const Error& error) {
        decoded.skipped = error.what();
    }
    return decoded;
}

}  // namespace

void decode_pictures(const io::FileTree& tree, const DecodePlan& plan,
                     const std::function<void(std::int64_t, const DecodedPicture&)>& take,
                     OpenObserver& observer) {
    std::map<std::string_view, std::int64_t> places;
    for (const auto& path : plan.paths)
        places.emplace(path, std::ssize(places));
    Queue queue(2 * static_cast<std::size_t>(plan.workers));
    std::mutex taking;
    const auto work = [&] {
        try {
            while (const auto picture = queue.pop()) {
                const auto decoded = decode(*picture, plan.side, plan.jpeg_dct);
                const std::lock_guard lock(taking);
                take(picture->place, decoded);
            }
        } catch (...) {
            queue.fail(std::current_exception());
        }
    };
    {
        std::vector<std::jthread> threads;
        try {
            for (std::int64_t worker = 0; worker < plan.workers; ++worker)
                threads.emplace_back(work);
            std::int64_t read = 0;
            tree.read(plan.paths, [&](const std::string& path, std::string contents) {
                queue.push({places.at(path), path, std::move(contents)});
                observer.progress("reading images", ++read, std::ssize(plan.paths));
            });
            queue.close();
        } catch (...) {
            queue.fail(std::current_exception());
        }
    }
    queue.rethrow_failure();
}

}  // namespace promptcl::data

#include "promptcl/stream/batch_loader.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <utility>

namespace promptcl::stream {

BatchLoader::BatchLoader(std::int64_t first, std::int64_t last, int workers,
                         std::function<Batch(std::int64_t)> make)
    : make_(std::move(make)),
      last_(last),
      ahead_(std::max<std::int64_t>(workers, 1)),
      to_make_(first),
      to_deliver_(first) {
    for (int worker = 0; worker < std::max(workers, 1); ++worker) {
        threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
}

BatchLoader::~BatchLoader() {
    for (auto& thread : threads_)
        thread.request_stop();
}

void BatchLoader::work(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (true) {
        room_.wait(lock, stop,
                   [this] { return to_make_ >= last_ || to_make_ < to_deliver_ + ahead_; });
        if (stop.stop_requested() || to_make_ >= last_) return;
        const std::int64_t number = to_make_++;
        lock.unlock();
        Result result = make_result(number);
        lock.lock();
        results_.emplace(number, std::move(result));
        done_.notify_one();
    }
}

BatchLoader::Result BatchLoader::make_result(std::int64_t number) const {
    try {
        return {make_(number), nullptr};
    } catch (...) {
        return {{}, std::current_exception()};
    }
}

Batch BatchLoader::next() {
    std::unique_lock lock(mutex_);
    require(to_deliver_ < last_, "no batch is asked for after the last one");
    done_.wait(lock, [this] { return results_.contains(to_deliver_); });
    Result result = std::move(results_.extract(to_deliver_).mapped());
    ++to_deliver_;
    lock.unlock();
    room_.notify_all();
    if (result.failure) std::rethrow_exception(result.failure);
    return std::move(result.batch);
}

}  // namespace promptcl::stream

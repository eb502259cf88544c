#include "promptcl/engine/workers.h"

#include <utility>

namespace promptcl::engine {

Workers::Workers(int threads) {
    for (int worker = 1; worker < threads; ++worker) {
        threads_.emplace_back(
            [this, worker](const std::stop_token& stop) { wait_for_work(worker, stop); });
    }
}

Workers::~Workers() {
    for (auto& thread : threads_)
        thread.request_stop();
}

void Workers::run(std::int64_t items, const Each& each) {
    const std::lock_guard serve(one_run_);
    {
        const std::lock_guard lock(mutex_);
        each_ = &each;
        items_ = items;
        next_ = 0;
        failure_ = nullptr;
        busy_ = static_cast<int>(threads_.size());
        ++run_;
    }
    begin_.notify_all();
    work(0);
    std::unique_lock lock(mutex_);
    end_.wait(lock, [this] { return busy_ == 0; });
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Workers::wait_for_work(int worker, const std::stop_token& stop) {
    std::int64_t done = 0;
    while (true) {
        {
            std::unique_lock lock(mutex_);
            if (!begin_.wait(lock, stop, [&] { return run_ != done; })) return;
            done = run_;
        }
        work(worker);
        {
            const std::lock_guard lock(mutex_);
            if (--busy_ == 0) end_.notify_one();
        }
    }
}

void Workers::work(int worker) {
    try {
        for (std::int64_t item = next_++; item < items_; item = next_++)
            (*each_)(worker, item);
    } catch (...) {
        next_ = items_;
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
    }
}

}  // namespace promptcl::engine

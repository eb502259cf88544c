// Threads that share out items of work.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace promptcl::engine {

/// `threads` workers (at least one): the thread that calls run(), which is worker 0, and others
/// that sleep between two runs.
class Workers {
  public:
    using Each = std::function<void(int worker, std::int64_t item)>;

    explicit Workers(int threads);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    int size() const { return static_cast<int>(threads_.size()) + 1; }

    /// Calls each(worker, item) once for every item in 0..items-1; a worker has one item at a time,
    /// and takes the lowest that nobody has. Once a call has thrown, items that nobody has begun
    /// are left out, and the first exception is thrown here. Several threads may ask, one is served
    /// after the other; `each` itself must not.
    void run(std::int64_t items, const Each& each);

  private:
    void wait_for_work(int worker, const std::stop_token& stop);
    void work(int worker);

    std::mutex one_run_;
    const Each* each_ = nullptr;  // these three are set before a run begins
    std::int64_t items_ = 0;
    std::atomic<std::int64_t> next_ = 0;

    std::mutex mutex_;
    std::condition_variable_any begin_;
    std::condition_variable end_;
    std::int64_t run_ = 0;  // how many were begun; guarded by mutex_, like those below
    int busy_ = 0;
    std::exception_ptr failure_;

    std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace promptcl::engine

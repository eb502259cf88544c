// Batches prepared by threads while the network works.
#pragma once

#include "promptcl/stream/batch.h"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace promptcl::stream {

/// Makes batches first..last-1 in `workers` threads (at least one), at most as many ahead of the
/// reader, and delivers them in order. The order in which threads finish changes nothing: `make`
/// must be a pure function of the number of the batch, and safe to call from several threads.
class BatchLoader {
  public:
    BatchLoader(std::int64_t first, std::int64_t last, int workers,
                std::function<Batch(std::int64_t)> make);
    /// Stops after the batches that are being made; what they throw is lost.
    ~BatchLoader();
    BatchLoader(const BatchLoader&) = delete;
    BatchLoader& operator=(const BatchLoader&) = delete;

    /// The next batch, waiting for it if need be. Throws what `make` threw for this batch; the
    /// batch after it can then still be asked for. Bug after the last batch. For one reader.
    Batch next();

  private:
    /// A batch, or why there is none.
    struct Result {
        Batch batch;
        std::exception_ptr failure;
    };

    void work(const std::stop_token& stop);
    Result make_result(std::int64_t number) const;

    const std::function<Batch(std::int64_t)> make_;
    const std::int64_t last_, ahead_;
    std::mutex mutex_;
    std::condition_variable_any room_, done_;
    std::int64_t to_make_, to_deliver_;       // guarded by mutex_
    std::map<std::int64_t, Result> results_;  // made and not delivered; guarded by mutex_
    std::vector<std::jthread> threads_;       // last: they use all of the above
};

}  // namespace promptcl::stream

// Images of different requests, computed together.
#pragma once

#include "promptcl/predict/predictor.h"
#include "promptcl/serve/request.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

namespace promptcl::serve {

/// Images that come while the ViT works wait, and the next ones of one classifier go through it
/// together, which occupies all cores. Who was just answered often asks again at once: for as many
/// as asked at a time lately the next ones wait a moment. What stands beside an image never changes
/// a bit of its answer.
class Batcher {
  public:
    using OnBatch = std::function<void(std::int64_t images)>;

    /// At most `most` images at a time; `patience`: the longest wait for others.
    Batcher(std::int64_t most, OnBatch on_batch,
            Clock::duration patience = std::chrono::milliseconds(3));

    /// Waits for the answer of one image [3, S, S]; nothing when its turn has not come by the
    /// deadline. `predictor` computes with the ViT that this batcher is for. Throws what it throws.
    std::optional<predict::Answer> answer(const predict::Predictor& predictor,
                                          std::span<const float> image, Clock::time_point deadline);
    /// Images whose turn has not come.
    std::int64_t waiting() const;

  private:
    /// Whoever asks waits for the promise, so all that is pointed to lives until it is kept.
    struct Item {
        const predict::Predictor* predictor;
        std::span<const float> image;
        Clock::time_point deadline;
        std::promise<std::optional<predict::Answer>> answer;
    };

    void work(const std::stop_token& stop);
    /// The oldest item, and others of its classifier; none when it is to stop.
    std::vector<Item> next(const std::stop_token& stop);
    void compute(std::vector<Item> batch);

    std::int64_t most_;
    OnBatch on_batch_;
    Clock::duration patience_;
    std::int64_t at_a_time_ = 0;  // asked when the last batch was done; of thread_ alone
    mutable std::mutex mutex_;
    std::condition_variable_any came_;
    std::deque<Item> items_;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace promptcl::serve

#include "promptcl/serve/batcher.h"

#include <algorithm>
#include <iterator>

namespace promptcl::serve {

Batcher::Batcher(std::int64_t most, OnBatch on_batch, Clock::duration patience)
    : most_(most),
      on_batch_(std::move(on_batch)),
      patience_(patience),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

std::optional<predict::Answer> Batcher::answer(const predict::Predictor& predictor,
                                               std::span<const float> image,
                                               Clock::time_point deadline) {
    std::future<std::optional<predict::Answer>> future;
    {
        const std::lock_guard lock(mutex_);
        Item& item = items_.emplace_back(Item{&predictor, image, deadline, {}});
        future = item.answer.get_future();
    }
    came_.notify_one();
    return future.get();
}

std::int64_t Batcher::waiting() const {
    const std::lock_guard lock(mutex_);
    return std::ssize(items_);
}

std::vector<Batcher::Item> Batcher::next(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    std::vector<Item> batch;
    if (!came_.wait(lock, stop, [this] { return !items_.empty(); })) return batch;
    came_.wait_for(lock, stop, patience_,
                   [&] { return std::ssize(items_) >= std::min(at_a_time_, most_); });
    const predict::Predictor* predictor = items_.front().predictor;
    std::deque<Item> others;
    for (Item& item : items_) {
        const bool taken = item.predictor == predictor && std::ssize(batch) < most_;
        if (taken) {
            batch.push_back(std::move(item));
        } else {
            others.push_back(std::move(item));
        }
    }
    items_ = std::move(others);
    return batch;
}

void Batcher::compute(std::vector<Item> batch) {
    const auto now = Clock::now();
    const auto late = std::ranges::stable_partition(
        batch, [&](const Item& item) { return item.deadline >= now; });
    for (Item& item : late)
        item.answer.set_value(std::nullopt);
    batch.erase(late.begin(), late.end());
    if (batch.empty()) return;
    on_batch_(std::ssize(batch));
    std::vector<predict::Answer> answers;
    try {
        std::vector<float> images;
        for (const Item& item : batch)
            images.insert(images.end(), item.image.begin(), item.image.end());
        answers = batch.front().predictor->answer(images, std::ssize(batch));
    } catch (...) {
        for (Item& item : batch)
            item.answer.set_exception(std::current_exception());
        return;
    }
    at_a_time_ = std::ssize(batch) + waiting();  // before whoever is answered asks again
    for (std::size_t i = 0; i < batch.size(); ++i)
        batch[i].answer.set_value(std::move(answers[i]));
}

void Batcher::work(const std::stop_token& stop) {
    for (auto batch = next(stop); !batch.empty(); batch = next(stop))
        compute(std::move(batch));
}

}  // namespace promptcl::serve

#include "promptcl/engine/workers.h"

#include "promptcl/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

namespace promptcl::engine {
namespace {

using testing::Each;

TEST(Workers, TakeEveryItemOnce) {
    for (const int threads : {1, 2, 5}) {
        Workers workers(threads);
        for (const std::int64_t items : {0, 1, 3, 1000}) {
            std::vector<std::atomic<int>> taken(static_cast<std::size_t>(items));
            workers.run(items, [&](int, std::int64_t item) { ++taken[item]; });
            for (const auto& times : taken)
                EXPECT_EQ(times, 1) << threads << " threads, " << items << " items";
        }
    }
}

TEST(Workers, WorkAtTheSameTimeUnderDifferentNumbers) {
    Workers workers(3);
    std::barrier all(3);
    std::vector<std::atomic<int>> seen(3);
    workers.run(3, [&](int worker, std::int64_t) {
        ++seen[worker];
        all.arrive_and_wait();  // goes on only when three are inside
    });
    for (const auto& times : seen)
        EXPECT_EQ(times, 1);
}

TEST(Workers, LetTheCallerWorkAsTheFirst) {
    Workers workers(1);
    const auto caller = std::this_thread::get_id();
    workers.run(4, [&](int worker, std::int64_t) {
        EXPECT_EQ(worker, 0);
        EXPECT_EQ(std::this_thread::get_id(), caller);
    });
}

TEST(Workers, ThrowTheFirstExceptionAndWorkOn) {
    Workers workers(2);
    std::atomic<int> calls = 0;
    const auto fail_at_ten = [&](int, std::int64_t item) {
        ++calls;
        if (item == 10) throw Error("item 10 is broken");
    };
    EXPECT_THROW(workers.run(1'000'000, fail_at_ten), Error);
    EXPECT_LT(calls, 1'000'000);
    std::atomic<int> good = 0;
    workers.run(100, [&](int, std::int64_t) { ++good; });
    EXPECT_EQ(good, 100);
}

TEST(Workers, ServeSeveralThreadsOneAfterTheOther) {
    Workers workers(2);
    std::atomic<int> inside = 0, items = 0;
    {
        std::vector<std::jthread> threads;
        for (int asking = 0; asking < 4; ++asking) {
            threads.emplace_back([&] {
                for (int round = 0; round < 20; ++round) {
                    workers.run(8, [&](int, std::int64_t) {
                        EXPECT_LE(++inside, 2);
                        ++items;
                        --inside;
                    });
                }
            });
        }
    }
    EXPECT_EQ(items, 4 * 20 * 8);
}

TEST(Workers, AreAtLeastOne) {
    EXPECT_EQ(Workers(0).size(), 1);
    EXPECT_EQ(Workers(4).size(), 4);
}

}  // namespace
}  // namespace promptcl::engine

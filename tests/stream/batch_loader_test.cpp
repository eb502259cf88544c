#include "promptcl/stream/batch_loader.h"

#include "promptcl/core/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <string>

namespace promptcl::stream {
namespace {

Batch numbered(std::int64_t number) {
    return {.images = {}, .labels = {number}, .ids = {number}};
}

TEST(BatchLoader, DeliversInOrderWhateverThreadIsFaster) {
    BatchLoader loader(3, 40, 4, numbered);
    for (std::int64_t number = 3; number < 40; ++number)
        EXPECT_EQ(loader.next().ids.at(0), number);
}

TEST(BatchLoader, HandsAnExceptionOutWithItsBatchAndGoesOn) {
    BatchLoader loader(0, 4, 2, [](std::int64_t number) {
        if (number == 2) throw Error("image 2 is broken");
        return numbered(number);
    });
    EXPECT_EQ(loader.next().ids.at(0), 0);
    EXPECT_EQ(loader.next().ids.at(0), 1);
    EXPECT_THROW(loader.next(), Error);
    EXPECT_EQ(loader.next().ids.at(0), 3);
}

TEST(BatchLoader, WorksAtMostOneBatchAThreadAhead) {
    std::atomic<std::int64_t> furthest = -1;
    BatchLoader loader(0, 1000, 3, [&](std::int64_t number) {
        std::int64_t seen = furthest;
        while (seen < number && !furthest.compare_exchange_weak(seen, number)) {
        }
        return numbered(number);
    });
    for (std::int64_t number = 0; number < 200; ++number) {
        loader.next();
        EXPECT_LE(furthest, number + 3);
    }
}

TEST(BatchLoader, StopsWithBatchesLeftOver) {
    std::atomic<int> made = 0;
    {
        BatchLoader loader(0, 1'000'000, 4, [&](std::int64_t number) {
            ++made;
            return numbered(number);
        });
        loader.next();
    }
    EXPECT_LE(made, 1 + 4);
}

TEST(BatchLoader, StopsWhileItsThreadsAreAtWork) {
    std::latch started(2);
    BatchLoader loader(0, 100, 2, [&](std::int64_t number) {
        if (number < 2) started.arrive_and_wait();
        return numbered(number);
    });
    started.wait();
}

TEST(BatchLoader, MayHaveNothingToDo) {
    BatchLoader loader(5, 5, 2, numbered);
    EXPECT_THROW(loader.next(), Bug);
}

TEST(BatchLoader, HasOneThreadWhereNoneIsAskedFor) {
    BatchLoader loader(0, 2, 0, numbered);
    EXPECT_EQ(loader.next().ids.at(0), 0);
    EXPECT_EQ(loader.next().ids.at(0), 1);
    EXPECT_THROW(loader.next(), Bug);
}

}  // namespace
}  // namespace promptcl::stream

// Bytes that are no request, or nearly one.
#include "promptcl/core/rng.h"

#include "tests/serve/small_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <sys/socket.h>

namespace promptcl::serve {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::Ge;
using ::testing::Lt;

constexpr int kTries = 300;

/// A few bytes changed, taken out or doubled.
std::string damaged(std::string text, Rng& rng) {
    const std::int64_t changes = 1 + rng.below(8);
    for (std::int64_t i = 0; i < changes && !text.empty(); ++i) {
        const auto at = static_cast<std::size_t>(rng.below(std::ssize(text)));
        const auto size = static_cast<std::size_t>(1 + rng.below(20));
        switch (rng.below(3)) {
            case 0:
                text[at] = static_cast<char>(rng.below(256));
                break;
            case 1:
                text.erase(at, size);
                break;
            default:
                text.insert(at, text.substr(at, size));
        }
    }
    return text;
}

TEST(Garbage, OfAGoodRequestIsTheOnlyDifference) {
    const RunningServer server;
    EXPECT_EQ(status_of(server.raw(good_request(picture(1)))), 200);
}

TEST(Garbage, DamagedRequestsGetAReplyAndTheServiceLivesOn) {
    const RunningServer server;
    Rng rng(7);
    const std::string good = good_request(picture(1));
    for (int i = 0; i < kTries; ++i) {
        const std::string bytes = damaged(good, rng);
        EXPECT_THAT(status_of(server.raw(bytes, true)), AnyOf(Eq(200), AllOf(Ge(400), Lt(500))))
            << i << ": " << bytes.substr(0, 300);
    }
    EXPECT_TRUE(server.alive());
}

TEST(Garbage, NoiseGetsAReplyAndTheServiceLivesOn) {
    const RunningServer server;
    Rng rng(8);
    for (int i = 0; i < kTries; ++i) {
        std::string bytes;
        for (std::int64_t size = 1 + rng.below(2000); std::ssize(bytes) < size;)
            bytes += static_cast<char>(rng.below(256));
        if (i % 2 == 0) bytes += "\r\n\r\n";
        EXPECT_THAT(status_of(server.raw(bytes, true)), AllOf(Ge(400), Lt(500))) << i;
    }
    EXPECT_TRUE(server.alive());
}

TEST(Garbage, EveryMethodAndVersionGetsAReply) {
    const RunningServer server;
    for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS",
                               "TRACE", "PATCH", "PRI", "get", "X", ""}) {
        for (const char* version : {"HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9", ""}) {
            const std::string line = fmt::format("{} /nowhere {}\r\n\r\n", method, version);
            EXPECT_THAT(status_of(server.raw(line, true)), AllOf(Ge(400), Lt(500))) << line;
        }
    }
    EXPECT_TRUE(server.alive());
}

TEST(Garbage, ClientsThatGoAwayAtAnyByteAreNoTrouble) {
    const RunningServer server;
    const std::string good = good_request(picture(1));
    for (std::size_t size = 0; size < good.size(); size += 7) {
        const Descriptor gone(connected_to(server.port()));
        EXPECT_EQ(::send(gone.number(), good.data(), size, MSG_NOSIGNAL),
                  static_cast<ssize_t>(size));
    }
    EXPECT_TRUE(server.alive());
}

}  // namespace
}  // namespace promptcl::serve

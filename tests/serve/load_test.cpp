// The service under load, while its models change.
#include "tests/serve/small_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>

namespace promptcl::serve {
namespace {

using nlohmann::json;

constexpr int kClients = 8, kRequests = 1000, kReloads = 10, kPictures = 16;

/// Puts one of two model files in place of a.pcl.
void put(const ModelFolder& files, int which) {
    which == 0 ? files.write("a.pcl", {"cat", "dog", "owl"}) : files.write("a.pcl", {"ant"}, 9);
}

std::vector<json> direct_answers(const std::filesystem::path& file) {
    std::vector<json> answers;
    for (std::uint64_t seed = 0; seed < kPictures; ++seed)
        answers.push_back(direct_answer(file, picture(seed)));
    return answers;
}

/// The clients of one server, and what became of their requests.
class Load {
  public:
    Load() {
        for (const int which : {1, 0}) {
            put(server_.small.files, which);
            expected_[static_cast<std::size_t>(which)] = direct_answers(server_.small.a);
        }
        expected_[2] = direct_answers(server_.small.b);
    }

    void run() {
        std::vector<std::jthread> threads;
        for (int i = 0; i < kClients; ++i)
            threads.emplace_back([this] { ask_until_done(); });
        reload();
    }

    std::atomic<int> asked = 0, done = 0, lost = 0, wrong = 0, reloaded = 0;
    std::array<std::atomic<int>, 3> answered{};  // by the first a.pcl, the second one, b.pcl

  private:
    void ask_until_done() {
        auto client = server_.client();
        for (int i = asked++; i < kRequests; i = asked++) {
            ask(client, i);
            ++done;
        }
    }
    void ask(httplib::Client& client, int i) {
        const int seed = i % kPictures;
        const bool other = i % 4 == 3;
        const auto reply = client.Post(other ? "/predict/b" : "/predict/a",
                                       picture(static_cast<std::uint64_t>(seed)), "image/png");
        if (!reply || reply->status != 200) {
            ++lost;
            return;
        }
        const json answer = json::parse(reply->body);
        const auto is = [&](std::size_t which) {
            return answer == expected_[which][static_cast<std::size_t>(seed)];
        };
        const std::size_t which = other ? 2 : is(0) ? 0 : 1;
        ++(is(which) ? answered[which] : wrong);
    }
    /// Spread over the requests.
    void reload() {
        for (int i = 1; i <= kReloads; ++i) {
            while (done < i * kRequests / (kReloads + 1))
                std::this_thread::yield();
            put(server_.small.files, i % 2);
            const auto reply = server_.client().Post("/reload");
            if (reply && reply->status == 200) ++reloaded;
        }
    }

    RunningServer server_;
    std::array<std::vector<json>, 3> expected_;
};

TEST(Load, OfAThousandRequestsAndTenReloadsLosesAndMixesUpNoAnswer) {
    Load load;
    load.run();
    EXPECT_EQ(load.reloaded, kReloads);
    EXPECT_EQ(load.lost, 0);
    EXPECT_EQ(load.wrong, 0);
    EXPECT_EQ(load.answered[0] + load.answered[1] + load.answered[2], kRequests);
    for (const auto& by_one : load.answered)
        EXPECT_GT(by_one, 0);
}

}  // namespace
}  // namespace promptcl::serve

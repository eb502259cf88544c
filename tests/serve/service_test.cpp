#include "promptcl/serve/service.h"

#include "tests/data/picture_files.h"
#include "tests/serve/small_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>

namespace promptcl::serve {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

std::string error_in(const Reply& reply) {
    return json::parse(reply.body).at("error");
}

std::string header_of(const Reply& reply, const std::string& name) {
    for (const auto& [key, value] : reply.headers) {
        if (key == name) return value;
    }
    return {};
}

TEST(Service, AnswersAnImageAsTheModelFileDoesAlone) {
    SmallService small;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        EXPECT_EQ(small.ask_json("POST", "/predict/a", picture(seed)),
                  direct_answer(small.a, picture(seed)));
        EXPECT_EQ(small.ask_json("POST", "/predict/b", picture(seed)),
                  direct_answer(small.b, picture(seed)));
    }
}

TEST(Service, WithoutANameMeansTheFirstModel) {
    SmallService small;
    EXPECT_EQ(small.ask_json("POST", "/predict", picture(1)),
              small.ask_json("POST", "/predict/a", picture(1)));
    EXPECT_EQ(small.ask_json("GET", "/classes").at("model"), "a");
}

TEST(Service, TakesTheFileOfAFormAndGivesItsNameBack) {
    SmallService small;
    const std::string image = picture(1);
    Request request{.method = "POST", .path = "/predict"};
    request.content_type = "multipart/form-data; boundary=x";
    request.read_body = [&] {
        return "--x\r\nContent-Disposition: form-data; name=\"i\"; filename=\"cat.png\"\r\n\r\n" +
               image + "\r\n--x--\r\n";
    };
    json expected = direct_answer(small.a, image);
    expected["image"] = "cat.png";
    EXPECT_EQ(json::parse(small.service.reply(request).body), expected);
}

TEST(Service, ShowsAsManyClassesAsAsked) {
    SmallService small;
    Request request{.method = "POST", .path = "/predict", .query = {{"top_k", "2"}}};
    request.read_body = [] { return picture(1); };
    EXPECT_EQ(json::parse(small.service.reply(request).body).at("classes").size(), 2U);
}

TEST(Service, RejectsByTheShareThatIsAskedFor) {
    SmallService small;
    // At 5 % the model wants cosines of at least 0.1 and 0.2 (tests/support).
    std::size_t rejected = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Request request{.method = "POST", .path = "/predict", .query = {{"reject", "0.05"}}};
        request.read_body = [&] { return picture(seed); };
        const json answer = json::parse(small.service.reply(request).body);
        const bool unlike =
            answer.at("likeness").at("key") < 0.1 || answer.at("likeness").at("class_mean") < 0.2;
        EXPECT_EQ(answer.at("rejected"), unlike);
        rejected += unlike ? 1 : 0;
    }
    EXPECT_GT(rejected, 0U);
    EXPECT_LT(rejected, 20U);
}

TEST(Service, RefusesAQueryThatItDoesNotUnderstand) {
    SmallService small;
    const std::vector<std::pair<std::string, std::string>> queries = {
        {"top_k", "0"},    {"top_k", "two"}, {"top_k", "1e3"}, {"top_k", ""}, {"reject", "2"},
        {"reject", "nan"}, {"reject", "-1"}, {"reject", ""},   {"topk", "1"}, {"reject", "0.0001"}};
    for (const auto& [key, value] : queries) {
        Request request{.method = "POST", .path = "/predict", .query = {{key, value}}};
        request.read_body = [] { return picture(1); };
        EXPECT_EQ(small.service.reply(request).status, 400) << key << "=" << value;
    }
}

TEST(Service, SaysInOneSentenceWhatIsWrongWithABodyThatIsNoImage) {
    SmallService small;
    for (const std::string& body :
         {std::string(), std::string("hello"), std::string(1000, '\0'), picture(1).substr(0, 60)}) {
        const Reply reply = small.ask("POST", "/predict", body);
        EXPECT_EQ(reply.status, 400);
        EXPECT_THAT(error_in(reply), HasSubstr("cannot read the image"));
    }
}

TEST(Service, SurvivesEveryDamageOfOneByteOfAnImage) {
    SmallService small;
    const std::string jpeg = data::flat_jpeg(data::JpegKind::kRgb, 8, 8, {10, 200, 30});
    for (const std::string& whole : {picture(1), jpeg}) {
        for (std::size_t i = 0; i < whole.size(); ++i) {
            std::string damaged = whole;
            damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
            EXPECT_THAT(small.ask("POST", "/predict", damaged).status, ::testing::AnyOf(200, 400));
        }
    }
}

TEST(Service, KnowsNoOtherPath) {
    SmallService small;
    for (const char* path : {"/nowhere", "/predictx", "/healthz/a", "", "/../etc/passwd",
                             "/predict/c", "/classes/", "/predict/../a", "/reload/c"}) {
        const std::string method =
            std::string(path).starts_with("/predict") || std::string(path).starts_with("/reload")
                ? "POST"
                : "GET";
        const int status = small.ask(method, path).status;
        EXPECT_EQ(status, path == std::string("/classes/") ? 200 : 404) << path;
    }
}

TEST(Service, SaysWhichMethodAPathTakes) {
    SmallService small;
    const Reply get = small.ask("GET", "/predict/a"), post = small.ask("POST", "/healthz");
    EXPECT_EQ(get.status, 405);
    EXPECT_EQ(header_of(get, "Allow"), "POST");
    EXPECT_EQ(post.status, 405);
    EXPECT_EQ(header_of(post, "Allow"), "GET, HEAD");
    EXPECT_EQ(small.ask("DELETE", "/").status, 405);
    EXPECT_EQ(small.ask("HEAD", "/healthz").status, 200);
}

TEST(Service, NamesItsModelsAndTheirClasses) {
    SmallService small;
    EXPECT_EQ(small.ask_json("GET", "/healthz").at("models"), json({"a", "b"}));
    EXPECT_EQ(small.ask_json("GET", "/classes/b").at("classes"), json({"red", "blue"}));
    const json models = small.ask_json("GET", "/models").at("models");
    EXPECT_EQ(models.at(0).at("classes"), 3);
    EXPECT_EQ(models.at(1).at("method"), "dualprompt");
    EXPECT_EQ(models.at(0).at("backbone").at("file"), "tiny_vit.npz");
    EXPECT_EQ(models.at(0).at("reject"), json({0.05}));
}

TEST(Service, ReloadsOneModelOrAll) {
    SmallService small;
    small.files.write("a.pcl", {"ant", "bee"}, 2);
    EXPECT_EQ(small.ask("POST", "/reload/b").status, 200);
    EXPECT_EQ(small.ask_json("GET", "/classes/a").at("classes").size(), 3U);
    EXPECT_EQ(small.ask("POST", "/reload").status, 200);
    EXPECT_EQ(small.ask_json("GET", "/classes/a").at("classes"), json({"ant", "bee"}));
}

TEST(Service, ThatCannotReloadSaysWhyAndGoesOnWithTheOldModel) {
    SmallService small;
    const json before = direct_answer(small.a, picture(1));
    small.files.folder().write("a.pcl", "broken");
    const Reply reply = small.ask("POST", "/reload");
    EXPECT_EQ(reply.status, 500);
    EXPECT_THAT(error_in(reply), HasSubstr("a.pcl"));
    EXPECT_EQ(small.ask_json("POST", "/predict/a", picture(1)), before);
    std::filesystem::remove(small.a);
    EXPECT_EQ(small.ask("POST", "/reload/a").status, 500);
    EXPECT_EQ(small.ask_json("POST", "/predict/a", picture(1)), before);
}

TEST(Service, TurnsAwayMoreImagesThanMayWaitBeforeItReadsThem) {
    SmallService small({.max_waiting = 1});
    std::latch begun(1), open(1);
    Request slow{.method = "POST", .path = "/predict"};
    slow.read_body = [&] {
        begun.count_down();
        open.wait();
        return picture(1);
    };
    Reply first;
    std::jthread asker([&] { first = small.service.reply(slow); });
    begun.wait();
    Request second{.method = "POST", .path = "/predict"};
    second.read_body = []() -> std::string { throw std::logic_error("it was read"); };
    const Reply turned_away = small.service.reply(second);
    open.count_down();
    asker.join();
    EXPECT_EQ(turned_away.status, 503);
    EXPECT_EQ(header_of(turned_away, "Retry-After"), "1");
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(small.ask("POST", "/predict", picture(1)).status, 200);
}

TEST(Service, TellsThatAnAnswerCameTooLate) {
    SmallService small;
    Request request{.method = "POST", .path = "/predict"};
    request.read_body = [] { return picture(1); };
    request.deadline = Clock::now() - std::chrono::seconds(1);
    EXPECT_EQ(small.service.reply(request).status, 503);
}

TEST(Service, CountsImagesBatchesAndLoads) {
    SmallService small;
    small.ask("POST", "/predict/b", picture(1));
    small.ask("POST", "/predict/b", "no image");
    small.ask("POST", "/reload");
    const std::string text = small.ask("GET", "/metrics").body;
    EXPECT_THAT(text, HasSubstr("promptcl_images_total{model=\"b\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("promptcl_image_seconds_count 1\n"));
    EXPECT_THAT(text, HasSubstr("promptcl_batch_images_count 1\n"));
    EXPECT_THAT(text, HasSubstr("promptcl_waiting_images 0\n"));
    EXPECT_THAT(text, HasSubstr("promptcl_model_loads_total{result=\"ok\"} 2\n"));
}

TEST(Page, AllowsNothingButItself) {
    SmallService small;
    const Reply first = small.ask("GET", "/"), second = small.ask("GET", "/");
    const std::string policy = header_of(first, "Content-Security-Policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
    const std::size_t at = policy.find("nonce-") + 6;
    const std::string nonce = policy.substr(at, 32);
    EXPECT_THAT(first.body, HasSubstr("<script nonce=\"" + nonce + "\">"));
    EXPECT_THAT(second.body, Not(HasSubstr(nonce)));
    EXPECT_THAT(first.body, Not(HasSubstr("http")));  // loads nothing from elsewhere
    EXPECT_THAT(first.body, Not(HasSubstr("innerHTML")));
}

class OriginTest : public ::testing::TestWithParam<std::tuple<const char*, const char*, int>> {};

TEST_P(OriginTest, IsAskedOfBrowsersAlone) {
    const auto [host, origin, status] = GetParam();
    SmallService small;
    Request request{.method = "GET", .path = "/healthz", .host = host, .origin = origin};
    EXPECT_EQ(small.service.reply(request).status, status);
}

INSTANTIATE_TEST_SUITE_P(
    Requests, OriginTest,
    ::testing::Values(std::tuple("", "", 200), std::tuple("localhost:8080", "", 200),
                      std::tuple("127.0.0.1:8080", "http://127.0.0.1:8080", 200),
                      std::tuple("[::1]:8080", "", 200),
                      std::tuple("localhost:8080", "https://localhost:8080", 200),
                      std::tuple("evil.example:8080", "http://evil.example:8080", 403),
                      std::tuple("localhost.evil.example", "", 403),
                      std::tuple("127.0.0.1:8080", "http://evil.example", 403),
                      std::tuple("127.0.0.1:8080", "null", 403),
                      std::tuple("127.0.0.1:8080", "http://127.0.0.1:8081", 403)));

TEST(Origin, MayBeAnyHostOnceTheServiceIsForOthersToo) {
    SmallService small({.only_local = false});
    Request request{.method = "GET", .path = "/healthz", .host = "box.lan"};
    EXPECT_EQ(small.service.reply(request).status, 200);
    request.origin = "http://evil.example";
    EXPECT_EQ(small.service.reply(request).status, 403);
}

}  // namespace
}  // namespace promptcl::serve

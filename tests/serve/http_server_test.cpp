#include "promptcl/serve/http_server.h"

#include "tests/serve/small_service.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

namespace promptcl::serve {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

std::string post(const std::string& headers, const std::string& body,
                 const std::string& path = "/predict") {
    return fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n{}", path, headers, body);
}

TEST(HttpServer, AnswersAnImageAsABodyAndInAForm) {
    const RunningServer server;
    const std::string image = picture(1);
    json expected = direct_answer(server.small.a, image);
    auto client = server.client();
    EXPECT_EQ(json::parse(client.Post("/predict", image, "image/png")->body), expected);
    expected["image"] = "my cat+1.png";
    const httplib::MultipartFormDataItems form = {{"note", "hello", "", ""},
                                                  {"image", image, "my cat+1.png", "image/png"}};
    EXPECT_EQ(json::parse(client.Post("/predict", form)->body), expected);
}

TEST(HttpServer, TakesNamesAndQueriesThatAreEncoded) {
    const RunningServer server;
    auto client = server.client();
    const auto reply = client.Post("/predict/%62?top_k=1", picture(1), "image/png");
    EXPECT_EQ(json::parse(reply->body).at("model"), "b");
    EXPECT_EQ(json::parse(reply->body).at("classes").size(), 1U);
}

TEST(HttpServer, SendsItsPageAndItsCountsWithTheirTypes) {
    const RunningServer server;
    auto client = server.client();
    const auto page = client.Get("/");
    EXPECT_EQ(page->get_header_value("Content-Type"), "text/html; charset=utf-8");
    EXPECT_THAT(page->get_header_value("Content-Security-Policy"), HasSubstr("'none'"));
    EXPECT_EQ(page->get_header_value("X-Content-Type-Options"), "nosniff");
    EXPECT_THAT(client.Get("/metrics")->get_header_value("Content-Type"), HasSubstr("text/plain"));
    EXPECT_FALSE(page->has_header("Access-Control-Allow-Origin"));
}

TEST(HttpServer, AnswersHeadWithoutABody) {
    const RunningServer server;
    const std::string reply = server.raw("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(status_of(reply), 200);
    EXPECT_THAT(reply, HasSubstr("Content-Length: "));
    EXPECT_TRUE(reply.ends_with("\r\n\r\n"));
}

TEST(HttpServer, TakesAPostWithoutABody) {
    const RunningServer server;
    EXPECT_EQ(status_of(server.raw(post("", "", "/reload"))), 200);
}

TEST(HttpServer, HasCountedAReplyByItsCodeBeforeItIsSent) {
    const RunningServer server;
    for (int asked = 1; asked <= 20; ++asked) {
        server.client().Get("/nowhere");
        EXPECT_THAT(
            server.client().Get("/metrics")->body,
            HasSubstr("promptcl_requests_total{code=\"404\"} " + std::to_string(asked) + "\n"));
    }
}

TEST(HttpServer, RefusesALargerBodyThanItsLimitAndOneOfThatSizeNot) {
    const RunningServer server({.max_body = 1000});
    auto client = server.client();
    const auto reply = client.Post("/predict", std::string(1001, 'x'), "image/png");
    EXPECT_EQ(reply->status, 413);
    EXPECT_THAT(reply->body, HasSubstr("more than 1000 bytes"));
    EXPECT_EQ(client.Post("/predict", std::string(1000, 'x'), "image/png")->status, 400);
    EXPECT_TRUE(server.alive());
}

TEST(HttpServer, TellsAClientThatGoesOnSendingThatItsBodyIsTooLarge) {
    const RunningServer server({.max_body = 1000});
    EXPECT_EQ(status_of(server.raw(post("Content-Length: 8000000\r\n", std::string(8000000, 'x')))),
              413);
}

TEST(HttpServer, ReadsNoBodyOfAnAnnouncedLengthThatIsBeyondAllNumbers) {
    const RunningServer server;
    EXPECT_EQ(status_of(server.raw(post("Content-Length: 99999999999999999999\r\n", ""))), 413);
}

TEST(HttpServer, RefusesBodiesWhoseLengthItCannotKnow) {
    const RunningServer server;
    EXPECT_EQ(
        status_of(server.raw(post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"))),
        411);
    EXPECT_EQ(status_of(server.raw(post("Content-Length: -1\r\n", "abc"))), 400);
    EXPECT_EQ(status_of(server.raw(post("Content-Length: 3x\r\n", "abc"))), 400);
    EXPECT_EQ(status_of(server.raw(post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"))),
              400);
    EXPECT_EQ(status_of(server.raw(post("Content-Length: 3\r\nContent-Encoding: gzip\r\n", "abc"))),
              415);
}

TEST(HttpServer, TellsABodyThatIsCutOff) {
    const RunningServer server;
    const std::string reply = server.raw(post("Content-Length: 10\r\n", "abc"), true);
    EXPECT_EQ(status_of(reply), 400);
    EXPECT_THAT(reply, HasSubstr("ends after 3 of 10 bytes"));
}

TEST(HttpServer, WaitsNoLongerThanItsTimeForARequest) {
    const RunningServer server({.timeout = std::chrono::milliseconds(50)});
    EXPECT_EQ(status_of(server.raw("GET /healthz HTT")), 408);
    EXPECT_EQ(status_of(server.raw(post("Content-Length: 10\r\n", "abc"))), 408);
    EXPECT_EQ(server.raw(""), "");  // nothing was asked
}

TEST(HttpServer, RefusesAHeadThatIsTooLong) {
    const RunningServer server;
    EXPECT_EQ(status_of(server.raw("GET /" + std::string(9000, 'x'))), 431);
    EXPECT_EQ(status_of(server.raw("GET / HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n")),
              431);
}

TEST(HttpServer, TakesAHeadThatIsNearlyTooLongWhateverItHolds) {
    const RunningServer server;
    const std::string start = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n";
    for (const std::string& header :
         {"Range: bytes=" + std::string(7000, '1'), std::string("X: ") + std::string(7000, 'x'),
          std::string("Cookie: ") + std::string(7000, '%')})
        EXPECT_EQ(status_of(server.raw(start + header + "\r\n\r\n")), 200) << header.substr(0, 20);
    std::string ranges = "Range: bytes=0-1";
    while (ranges.size() < 7000)
        ranges += ",0-1";
    EXPECT_EQ(status_of(server.raw(start + ranges + "\r\n\r\n")), 200);
    std::string many;
    while (many.size() < 7000)
        many += "A:b\r\n";
    EXPECT_EQ(status_of(server.raw(start + many + "\r\n")), 200);
    EXPECT_EQ(status_of(server.raw("GET /healthz?" + std::string(7000, '&') + " HTTP/1.1\r\n\r\n")),
              200);
    EXPECT_EQ(status_of(server.raw("GET /" + std::string(7000, '%') + " HTTP/1.1\r\n\r\n")), 404);
}

TEST(HttpServer, TakesOneRequestOfAConnectionSoThatNoBodyIsTakenForAnother) {
    const RunningServer server;
    const std::string reply =
        server.raw(post("Content-Length: 40\r\n",
                        "GET /reload HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", "/nowhere"));
    EXPECT_EQ(status_of(reply), 404);
    EXPECT_THAT(reply.substr(1), Not(HasSubstr("HTTP/1.1")));
    EXPECT_THAT(reply, HasSubstr("Connection: close"));
}

TEST(HttpServer, ListensOnItsPortAlone) {
    const Listener first("127.0.0.1", 0);
    EXPECT_THAT(message_of<Error>([&] { Listener("127.0.0.1", first.port()); }),
                HasSubstr(fmt::format("cannot listen on 127.0.0.1:{}: ", first.port())));
    EXPECT_THAT(message_of<Error>([&] { Listener("no such host", 0); }),
                HasSubstr("cannot listen on no such host:0: "));
}

TEST(HttpServer, StopsWhenItIsToldToBeforeItBegins) {
    SmallService small;
    HttpServer server(small.service, {.port = 0});
    server.stop();
    server.run();
}

TEST(HttpServer, ToldToStopFinishesWhatItHasBegun) {
    SmallService small;
    HttpServer server(small.service, {.port = 0});
    const std::string image = picture(1);
    std::jthread running([&] { server.run(); });
    httplib::Client client("127.0.0.1", server.port());
    // The body's second half is sent when the server has been told to stop.
    const auto reply = client.Post(
        "/predict", image.size(),
        [&](std::size_t offset, std::size_t, httplib::DataSink& sink) {
            const std::size_t half = offset == 0 ? image.size() / 2 : image.size() - offset;
            if (offset > 0) server.stop();
            return sink.write(image.data() + offset, half);
        },
        "image/png");
    ASSERT_TRUE(reply);
    EXPECT_EQ(json::parse(reply->body), direct_answer(small.a, image));
}

TEST(HttpServer, ToldToStopDoesNotWaitForAClientThatAsksNothing) {
    SmallService small;
    HttpServer server(small.service, {.port = 0, .timeout = std::chrono::hours(1)});
    std::jthread running([&] { server.run(); });
    httplib::Client other("127.0.0.1", server.port());
    const Descriptor idle(connected_to(server.port()));
    EXPECT_EQ(other.Get("/healthz")->status, 200);
    server.stop();
}

}  // namespace
}  // namespace promptcl::serve

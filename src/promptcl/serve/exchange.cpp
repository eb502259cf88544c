#include "promptcl/serve/exchange.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace promptcl::serve {
namespace {

constexpr std::size_t kMostHead = 8192;
constexpr std::size_t kPiece = 1 << 16;

void set(httplib::Response& response, const Reply& reply) {
    response.status = reply.status;
    response.set_content(reply.body, reply.type);
    response.set_header("X-Content-Type-Options", "nosniff");
    response.set_header("Cache-Control", "no-store");
    for (const auto& [name, value] : reply.headers)
        response.set_header(name, value);
}

/// Compressing a few hundred bytes takes longer than sending them.
void as_it_is(httplib::Request& request) {
    request.headers.erase("Accept-Encoding");
}

/// The announced length of a body, at most `most`.
std::uint64_t length_of(const httplib::Request& request, std::uint64_t most) {
    if (request.has_header("Transfer-Encoding"))
        throw Refusal(411, "the body has no length", "send it with Content-Length");
    const std::string encoding = request.get_header_value("Content-Encoding");
    if (!encoding.empty() && encoding != "identity")
        throw Refusal(415, "the body is encoded", "send it without Content-Encoding");
    const std::size_t lengths = request.get_header_value_count("Content-Length");
    if (lengths == 0) return 0;
    const std::string text = request.get_header_value("Content-Length");
    const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    if (lengths > 1 || !digits)
        throw Refusal(400, "Content-Length is not one number", "give the bytes of the body");
    std::uint64_t length = 0;
    const auto failure = std::from_chars(text.data(), text.data() + text.size(), length).ec;
    if (failure != std::errc() || length > most) {
        throw Refusal(413, fmt::format("the body has more than {} bytes", most),
                      "send a smaller image, or start the service with a larger --max_body");
    }
    return length;
}

}  // namespace

Exchange::Exchange(Connection& connection, Service& service, std::uint64_t max_body)
    : connection_(connection), service_(service), max_body_(max_body) {
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
        answer(request, response);
        return HandlerResponse::Handled;
    });
    // What the library refuses itself has no text.
    set_error_handler([](const httplib::Request&, httplib::Response& response) {
        if (response.body.empty())
            set(response, refusal(response.status, "the request is no HTTP/1.1"));
    });
    // Before it is sent: who has a reply finds it counted.
    set_post_routing_handler([this](const httplib::Request&, httplib::Response& response) {
        service_.metrics().count_reply(response.status);
    });
}

void Exchange::run() {
    using Head = Connection::Head;
    switch (connection_.read_head(kMostHead)) {
        case Head::kNone:
            return;
        case Head::kTooLong:
            send_alone(431, fmt::format("the request's head has more than {} bytes", kMostHead));
            break;
        case Head::kLate:
            send_alone(408, "the request's head did not come in time");
            break;
        case Head::kCutOff:
            send_alone(400, "the request ends within its head");
            break;
        case Head::kWhole:
            bool closed = false;
            process_request(connection_, /*close_connection=*/true, closed, as_it_is);
    }
    if (!all_read_) connection_.linger();
}

void Exchange::answer(const httplib::Request& request, httplib::Response& response) {
    Request asked{.method = request.method,
                  .path = request.path,
                  .query = {request.params.begin(), request.params.end()},
                  .host = request.get_header_value("Host"),
                  .origin = request.get_header_value("Origin"),
                  .content_type = request.get_header_value("Content-Type"),
                  .read_body = [&] { return read_body(request); },
                  .deadline = connection_.deadline()};
    all_read_ = !request.has_header("Content-Length") && !request.has_header("Transfer-Encoding");
    set(response, service_.reply(asked));
}

std::string Exchange::read_body(const httplib::Request& request) {
    const std::uint64_t length = length_of(request, max_body_);
    std::string body;
    while (body.size() < length) {
        const std::size_t had = body.size();
        body.resize(had + std::min(length - had, kPiece));
        const ssize_t count = connection_.read(body.data() + had, body.size() - had);
        if (count > 0) {
            body.resize(had + static_cast<std::size_t>(count));
            continue;
        }
        if (connection_.late()) throw Refusal(408, "the body did not come in time");
        throw Refusal(400, fmt::format("the body ends after {} of {} bytes", had, length));
    }
    all_read_ = true;
    return body;
}

void Exchange::send_alone(int status, std::string_view what) {
    const Reply reply = refusal(status, what);
    service_.metrics().count_reply(status);
    connection_.send(
        fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
                    "Connection: close\r\n\r\n{}",
                    status, "Refused", reply.type, reply.body.size(), reply.body));
}

}  // namespace promptcl::serve

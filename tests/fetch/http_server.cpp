#include "tests/fetch/http_server.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <fmt/format.h>
#include <netinet/in.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace promptcl::fetch {
namespace {

void send_all(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return;  // the client has gone
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void wait_until_the_client_goes(int connection) {
    std::array<char, 256> ignored{};
    while (::recv(connection, ignored.data(), ignored.size(), 0) > 0) {
    }
}

std::string read_head(int connection) {
    std::string head;
    std::array<char, 1024> buffer{};
    while (head.find("\r\n\r\n") == std::string::npos) {
        const ssize_t count = ::recv(connection, buffer.data(), buffer.size(), 0);
        if (count <= 0) break;
        head.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return head;
}

std::string after(const std::string& text, std::string_view start, std::string_view end) {
    const std::size_t at = text.find(start);
    if (at == std::string::npos) return {};
    const std::size_t from = at + start.size();
    return text.substr(from, text.find(end, from) - from);
}

}  // namespace

HttpServer::HttpServer() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    const bool listens = ::bind(listener_, generic, size) == 0 && ::listen(listener_, 8) == 0 &&
                         ::getsockname(listener_, generic, &size) == 0;
    require(listens, "this machine lets a test listen on 127.0.0.1");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { accept_until_closed(); });
}

HttpServer::~HttpServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
}

std::string HttpServer::address() const {
    return fmt::format("http://127.0.0.1:{}/", port_);
}

void HttpServer::serve(const std::string& path, std::string contents, Sending sending) {
    const std::lock_guard lock(mutex_);
    files_["/" + path] = {std::move(contents), std::move(sending)};
}

std::vector<HttpServer::Request> HttpServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void HttpServer::accept_until_closed() {
    for (int connection; (connection = ::accept(listener_, nullptr, nullptr)) >= 0;) {
        answer(connection);
        ::close(connection);
    }
}

std::optional<HttpServer::Served> HttpServer::find(const Request& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const auto found = files_.find(request.path);
    if (found == files_.end()) return std::nullopt;
    return found->second;
}

void HttpServer::answer(int connection) {
    const std::string head = read_head(connection);
    const Request request{after(head, "GET ", " "), after(head, "Range: ", "\r\n")};
    const auto served = find(request);
    if (!served || served->sending.status != 200) {
        send_all(connection, fmt::format("HTTP/1.1 {} No\r\nContent-Length: 4\r\n\r\nnone",
                                         served ? served->sending.status : 404));
        return;
    }
    const Sending& sending = served->sending;
    if (!sending.redirect_to.empty()) {
        send_all(connection,
                 fmt::format("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
                             sending.redirect_to));
        return;
    }
    const std::size_t size = served->contents.size();
    const bool partly = sending.knows_ranges && !request.range.empty();
    const std::size_t from = partly ? std::stoul(after(request.range, "bytes=", "-")) : 0;
    if (partly && from >= size) {
        send_all(connection, "HTTP/1.1 416 No\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    std::string reply = partly
                            ? fmt::format("HTTP/1.1 206 Part\r\nContent-Range: bytes {}-{}/{}\r\n",
                                          from, size - 1, size)
                            : "HTTP/1.1 200 OK\r\n";
    if (sending.announces_length) {
        const auto rest = static_cast<std::int64_t>(size - from);
        reply += fmt::format("Content-Length: {}\r\n", sending.announced.value_or(rest));
    }
    send_all(connection, reply + "Connection: close\r\n\r\n");
    const auto limit =
        std::min(sending.cut_after.value_or(size), sending.stall_after.value_or(size));
    send_all(connection, std::string_view(served->contents).substr(from, limit));
    if (sending.stall_after) wait_until_the_client_goes(connection);
}

}  // namespace promptcl::fetch

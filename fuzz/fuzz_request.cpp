// Any bytes from the network get one reply, of a status that no fault of the service has.
#include "promptcl/core/error.h"
#include "promptcl/serve/exchange.h"

#include "tests/serve/small_service.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

namespace {

using namespace promptcl;
using namespace promptcl::serve;

constexpr std::uint64_t kMaxBody = 1 << 14;

/// What `bytes` are answered by when nothing follows them.
std::string reply_to(Service& service, std::string_view bytes) {
    static const StopEvent never;
    std::array<int, 2> ends{};
    require(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0, "there are sockets");
    const Descriptor client(ends[0]);
    Connection connection(ends[1], never, Clock::now() + std::chrono::seconds(10));
    require(::send(client.number(), bytes.data(), bytes.size(), 0) == std::ssize(bytes),
            "a request fits into a socket");
    ::shutdown(client.number(), SHUT_WR);
    Exchange(connection, service, kMaxBody).run();
    ::shutdown(ends[1], SHUT_RDWR);
    std::string reply;
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = ::recv(client.number(), buffer.data(), buffer.size(), 0)) > 0;)
        reply.append(buffer.data(), static_cast<std::size_t>(count));
    constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
    return reply.starts_with(kGoOn) ? reply.substr(kGoOn.size()) : reply;
}

/// Requests to begin with.
const std::vector<std::string>& examples() {
    static const std::vector<std::string> all = {
        good_request(picture(1)), "GET /models HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "HEAD /classes/a HTTP/1.0\r\nOrigin: http://x\r\nAccept-Encoding: gzip\r\nRange: bytes=0-3"
        "\r\n\r\n",
        "POST /predict?top_k=1 HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nGIF"};
    return all;
}

/// With the number of bytes behind the head as Content-Length, where it announces any.
std::string with_its_length(const std::string& request) {
    constexpr std::string_view kLength = "Content-Length: ", kEnd = "\r\n\r\n";
    const std::size_t end = request.find(kEnd), at = request.find(kLength);
    if (at == std::string::npos || end == std::string::npos || at > end) return request;
    const std::size_t begin = at + kLength.size();
    std::string result = request;
    return result.replace(begin, request.find("\r\n", begin) - begin,
                          std::to_string(request.size() - end - kEnd.size()));
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    constexpr unsigned kBeginAnew = 16, kLeaveLength = 4;  // one in so many
    std::string request = examples()[seed / kBeginAnew % examples().size()];
    if (seed % kBeginAnew != 0) {
        size = LLVMFuzzerMutate(data, size, most);
        request.assign(reinterpret_cast<const char*>(data), size);
        if (seed % kLeaveLength != 0) request = with_its_length(request);
    }
    if (request.size() > most) return size;
    std::copy(request.begin(), request.end(), data);
    return request.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static SmallService small({.only_local = true});
    if (size == 0) return 0;
    const std::string reply = reply_to(small.service, {reinterpret_cast<const char*>(data), size});
    const int status = status_of(reply);
    require(status == 200 || (status >= 400 && status < 500), "a request is answered or refused");
    return 0;
}

#include "promptcl/serve/listener.h"

#include "promptcl/core/error.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace promptcl::serve {
namespace {

constexpr int kBacklog = 128;
constexpr int kWithoutDescriptors = 20;  // milliseconds until the next try

[[noreturn]] void refuse(const std::string& host, int port, const std::string& why) {
    throw Error(fmt::format("cannot listen on {}:{}: {}", host, port, why),
                "give another --port, or --port 0 for any free one");
}

/// A listening socket, or -1 with errno.
int listening(const addrinfo& address) {
    const int made = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) return -1;
    const int yes = 1;  // a port that was closed a moment ago is free; one in use is not
    ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (::bind(made, address.ai_addr, address.ai_addrlen) == 0 && ::listen(made, kBacklog) == 0)
        return made;
    const int failure = errno;
    ::close(made);
    errno = failure;
    return -1;
}

int listening(const std::string& host, int port) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failure = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
    if (failure != 0) refuse(host, port, ::gai_strerror(failure));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
    for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
        const int made = listening(*address);
        if (made >= 0) return made;
    }
    refuse(host, port, std::strerror(errno));
}

int port_of(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    std::array<char, NI_MAXSERV> port{};
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    require(
        ::getsockname(socket, generic, &size) == 0 &&
            ::getnameinfo(generic, size, nullptr, 0, port.data(), port.size(), NI_NUMERICSERV) == 0,
        "a listening socket has a port");
    return std::stoi(port.data());
}

}  // namespace

Descriptor::~Descriptor() {
    ::close(number_);
}

StopEvent::StopEvent() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (event_.number() < 0) throw Error("cannot make an event: too many files are open");
}

void StopEvent::set() const {
    ::eventfd_write(event_.number(), 1);
}

Listener::Listener(const std::string& host, int port)
    : socket_(listening(host, port)), port_(port_of(socket_.number())) {}

int Listener::accept(const StopEvent& stop) const {
    while (true) {
        std::array<pollfd, 2> events = {pollfd{socket_.number(), POLLIN, 0},
                                        pollfd{stop.descriptor(), POLLIN, 0}};
        ::poll(events.data(), events.size(), -1);
        // What waits when the server is told to stop has asked in time.
        if (events[0].revents == 0) {
            if (events[1].revents != 0) return -1;
            continue;
        }
        const int connection = ::accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC);
        if (connection >= 0) return connection;
        if (errno == EMFILE || errno == ENFILE) ::poll(nullptr, 0, kWithoutDescriptors);
    }
}

}  // namespace promptcl::serve

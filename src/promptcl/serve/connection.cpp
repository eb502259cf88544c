#include "promptcl/serve/connection.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <poll.h>
#include <sys/socket.h>

namespace promptcl::serve {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr milliseconds kSending{5000};  // for a client that does not take its answer
constexpr milliseconds kLingering{2000};
constexpr std::size_t kPiece = 1 << 16;

int milliseconds_until(Clock::time_point end) {
    const auto left = std::chrono::ceil<milliseconds>(end - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3600 * 1000));
}

bool begins_with_range(std::string_view line) {
    constexpr std::string_view kRange = "range";
    return line.size() > kRange.size() &&
           std::equal(kRange.begin(), kRange.end(), line.begin(), [](char wanted, char found) {
               return wanted == std::tolower(static_cast<unsigned char>(found));
           });
}

/// `text` begins with a head of `size` bytes.
void leave_out_ranges(std::string& text, std::size_t size) {
    constexpr std::string_view kEndOfLine = "\r\n";
    std::size_t at = text.find(kEndOfLine) + kEndOfLine.size();  // behind the request line
    while (at < size) {
        const std::size_t next = text.find(kEndOfLine, at) + kEndOfLine.size();
        if (begins_with_range(std::string_view(text).substr(at, next - at))) {
            text.erase(at, next - at);
            size -= next - at;
        } else {
            at = next;
        }
    }
}

}  // namespace

Connection::Connection(int socket, const StopEvent& stop, Clock::time_point deadline)
    : socket_(socket), stop_(stop), deadline_(deadline) {}

bool Connection::wait_for(short event, Clock::time_point until, bool or_stop) const {
    while (true) {
        std::array<pollfd, 2> events = {pollfd{socket_.number(), event, 0},
                                        pollfd{stop_.descriptor(), POLLIN, 0}};
        const int ready = ::poll(events.data(), or_stop ? 2 : 1, milliseconds_until(until));
        if (events[0].revents != 0) return true;
        if (events[1].revents != 0 || (ready == 0 && Clock::now() >= until)) return false;
    }
}

bool Connection::receive() {
    std::array<char, kPiece> buffer;
    const ssize_t count = ::recv(socket_.number(), buffer.data(), buffer.size(), 0);
    if (count <= 0) return false;
    received_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
}

Connection::Head Connection::read_head(std::size_t most_bytes) {
    std::size_t end = std::string::npos;
    while (end == std::string::npos) {
        const bool begun = !received_.empty();
        if (!wait_for(POLLIN, deadline_, !begun)) return begun ? Head::kLate : Head::kNone;
        if (!receive()) return begun ? Head::kCutOff : Head::kNone;
        end = received_.find(kEndOfHead);
        if (std::min(end, received_.size()) > most_bytes) return Head::kTooLong;
    }
    leave_out_ranges(received_, end);
    return Head::kWhole;
}

bool Connection::is_readable() const {
    return given_ < received_.size() || wait_for(POLLIN, deadline_, false);
}

bool Connection::is_writable() const {
    return wait_for(POLLOUT, Clock::now() + kSending, false);
}

ssize_t Connection::read(char* to, std::size_t size) {
    if (given_ == received_.size()) {
        received_.clear();
        given_ = 0;
        if (!wait_for(POLLIN, deadline_, false) || !receive()) return -1;
    }
    const std::size_t count = std::min(size, received_.size() - given_);
    std::copy_n(received_.data() + given_, count, to);
    given_ += count;
    return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* from, std::size_t size) {
    if (!is_writable()) return -1;
    return ::send(socket_.number(), from, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void Connection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = write(bytes.data(), bytes.size());
        if (count <= 0) return;  // the client has gone
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void Connection::linger() {
    ::shutdown(socket_.number(), SHUT_WR);
    const auto end = Clock::now() + kLingering;
    while (Clock::now() < end && wait_for(POLLIN, end, true)) {
        received_.clear();
        if (!receive()) return;
    }
}

void Connection::get_remote_ip_and_port(std::string&, int&) const {}
void Connection::get_local_ip_and_port(std::string&, int&) const {}

}  // namespace promptcl::serve

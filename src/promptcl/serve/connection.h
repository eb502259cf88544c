// A connection as the HTTP library reads and writes it, with an end to all waiting.
#pragma once

#include "promptcl/serve/listener.h"
#include "promptcl/serve/request.h"

#include <httplib.h>
#include <string>
#include <string_view>

namespace promptcl::serve {

class Connection final : public httplib::Stream {
  public:
    /// Takes over an open socket. Nothing is read after the deadline.
    Connection(int socket, const StopEvent& stop, Clock::time_point deadline);
    ~Connection() override = default;

    /// What came of the first lines of a request, up to the empty one.
    enum class Head { kWhole, kTooLong, kLate, kCutOff, kNone };
    /// Reads them, for read() to give out. A client that has sent nothing when the server is to
    /// stop sends none. A header "Range" is left out: the library would match it with a regular
    /// expression, which needs stack for every letter of it.
    Head read_head(std::size_t most_bytes);

    Clock::time_point deadline() const { return deadline_; }
    bool late() const { return Clock::now() >= deadline_; }
    /// For answers that the library has no part in.
    void send(std::string_view bytes);
    /// Sends no more, and for a moment throws away what the client still sends: a socket that is
    /// closed with bytes unread takes the answer back.
    void linger();

    bool is_readable() const override;
    bool is_writable() const override;
    ssize_t read(char* to, std::size_t size) override;
    ssize_t write(const char* from, std::size_t size) override;
    void get_remote_ip_and_port(std::string& ip, int& port) const override;
    void get_local_ip_and_port(std::string& ip, int& port) const override;
    socket_t socket() const override { return socket_.number(); }

  private:
    bool wait_for(short event, Clock::time_point until, bool or_stop) const;
    /// Appends to `received_`; false when nothing comes.
    bool receive();

    Descriptor socket_;
    const StopEvent& stop_;
    Clock::time_point deadline_;
    std::string received_;  // and not yet given out from `given_` on
    std::size_t given_ = 0;
};

}  // namespace promptcl::serve

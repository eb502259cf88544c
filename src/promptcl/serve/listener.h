// The sockets that a server listens on, and the signal that it is to stop.
#pragma once

#include <string>

namespace promptcl::serve {

/// A file descriptor that is closed with it.
class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }

  private:
    int number_;
};

/// Becomes readable, for all who poll it, once it is set.
class StopEvent {
  public:
    StopEvent();
    /// From any thread or signal handler.
    void set() const;
    int descriptor() const { return event_.number(); }

  private:
    Descriptor event_;
};

/// Listens for TCP connections.
class Listener {
  public:
    /// Port 0 is any free one. Throws Error naming host and port when they cannot be had.
    Listener(const std::string& host, int port);

    int port() const { return port_; }
    /// The next connection; -1 once `stop` is set and no other waits. Connections that go before
    /// they are taken, and a lack of descriptors, are no failure.
    int accept(const StopEvent& stop) const;

  private:
    Descriptor socket_;
    int port_;
};

}  // namespace promptcl::serve

// A service on a port.
#pragma once

#include "promptcl/serve/listener.h"
#include "promptcl/serve/service.h"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace promptcl::serve {

struct ServerOptions {
    std::string host = "127.0.0.1";
    int port = 8080;                           // 0: any free one
    std::uint64_t max_body = 16 << 20;         // bytes
    std::chrono::milliseconds timeout{30000};  // from the connection to the answer
    int connections = 40;  // served at a time; further ones wait in the system's queue
};

class HttpServer {
  public:
    /// Listens from now on. Throws Error when it cannot.
    HttpServer(Service& service, const ServerOptions& options);

    int port() const { return listener_.port(); }
    /// Answers until stop() is called, then finishes what was begun.
    void run();
    /// From any thread, before run() too.
    void stop() const { stop_.set(); }

  private:
    void serve_until_stopped();

    Service& service_;
    ServerOptions options_;
    StopEvent stop_;
    Listener listener_;
    std::mutex accepting_;  // one thread waits for the next connection, the others for it
};

}  // namespace promptcl::serve

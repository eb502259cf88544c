// A web server for tests, on this machine alone, that can behave badly.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace promptcl::fetch {

/// How a file is sent.
struct Sending {
    int status = 200;
    bool knows_ranges = true;
    bool announces_length = true;
    std::optional<std::int64_t> announced;   // another length than the true one
    std::optional<std::size_t> cut_after;    // bytes of a reply, then the connection is closed
    std::optional<std::size_t> stall_after;  // bytes of a reply, then nothing until the client goes
    std::string redirect_to;                 // an address: 302
};

class HttpServer {
  public:
    struct Request {
        std::string path;   // "/a.bin"
        std::string range;  // "bytes=100-"; empty without
    };

    HttpServer();
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// "http://127.0.0.1:PORT/"
    std::string address() const;
    /// From now on; what is not served is answered with 404.
    void serve(const std::string& path, std::string contents, Sending sending = {});
    /// All so far, in their order.
    std::vector<Request> requests() const;

  private:
    struct Served {
        std::string contents;
        Sending sending;
    };

    void accept_until_closed();
    void answer(int connection);
    std::optional<Served> find(const Request& request);

    int listener_;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::map<std::string, Served> files_;
    std::vector<Request> requests_;
    std::thread thread_;
};

}  // namespace promptcl::fetch

#include "promptcl/serve/http_server.h"

#include "promptcl/serve/exchange.h"

#include <thread>
#include <vector>

namespace promptcl::serve {

HttpServer::HttpServer(Service& service, const ServerOptions& options)
    : service_(service), options_(options), listener_(options.host, options.port) {}

void HttpServer::run() {
    std::vector<std::jthread> threads;
    for (int i = 0; i < options_.connections; ++i)
        threads.emplace_back([this] { serve_until_stopped(); });
}

void HttpServer::serve_until_stopped() {
    const auto next = [this] {
        const std::lock_guard lock(accepting_);
        return listener_.accept(stop_);
    };
    for (int socket = next(); socket >= 0; socket = next()) {
        Connection connection(socket, stop_, Clock::now() + options_.timeout);
        Exchange(connection, service_, options_.max_body).run();
    }
}

}  // namespace promptcl::serve

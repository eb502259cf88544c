#include "promptcl/cli/commands.h"
#include "promptcl/cli/failure.h"
#include "promptcl/cli/interrupt.h"
#include "promptcl/serve/http_server.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <thread>

namespace promptcl::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{50};

/// Connections that are no image: the page, counts, a reload, refusals.
constexpr std::int64_t kOtherConnections = 8;

bool is_this_machine(const std::string& host) {
    constexpr std::array kNames = {"127.0.0.1", "localhost", "::1"};
    return std::ranges::find(kNames, host) != kNames.end();
}

std::string address_of(const std::string& host, int port) {
    const bool v6 = host.find(':') != std::string::npos;
    return fmt::format("http://{}{}{}:{}/", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

void announce(const ServeOptions& options, const serve::Models& models, int port) {
    std::vector<std::string> names;
    for (const auto& model : models.all())
        names.push_back(fmt::format("{} ({} classes)", model->name, model->classifier().classes()));
    fmt::print("serving {} on {}\n", fmt::join(names, ", "), address_of(options.host, port));
    finish_output();
    if (is_this_machine(options.host)) return;
    fmt::print(stderr,
               "promptcl: whoever reaches this address may ask and reload: there is no password "
               "and no encryption\n");
}

}  // namespace

int run_serve(const ServeOptions& options) {
    watch_for_interrupts();
    serve::Metrics metrics;
    serve::Models models({.files = options.models,
                          .backbone = options.backbone,
                          .threads = static_cast<int>(options.threads),
                          .top_k = options.top_k,
                          .reject = options.reject},
                         metrics);
    serve::Service service(
        models, metrics,
        {.max_waiting = options.max_waiting, .only_local = is_this_machine(options.host)});
    serve::HttpServer server(
        service, {.host = options.host,
                  .port = static_cast<int>(options.port),
                  .max_body = static_cast<std::uint64_t>(options.max_body) << 20,
                  .timeout = std::chrono::seconds(options.timeout),
                  .connections = static_cast<int>(options.max_waiting + kOtherConnections)});
    announce(options, models, server.port());
    const std::jthread watch([&](const std::stop_token& ended) {
        while (!interrupted() && !ended.stop_requested())
            std::this_thread::sleep_for(kBetweenLooks);
        server.stop();
    });
    server.run();
    return interrupt_exit_code();
}

}  // namespace promptcl::cli

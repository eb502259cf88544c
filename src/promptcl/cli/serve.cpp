#include "promptcl/cli/commands.h"
#include "promptcl/cli/failure.h"
#include "promptcl/cli/interrupt.h"

#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <thread>

namespace promptcl::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{50};

std::string address_of(const std::string& host, int port) {
    const bool v6 = host.find(':') != std::string::npos;
    return fmt::format("http://{}{}{}:{}/", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

void announce(const ServeOptions& options, const serve::Models& models, int port) {
    std::vector<std::string> names;
    for (const auto& model : models.all())
        names.push_back(fmt::format("{} ({} classes)", model->name, model->classifier().classes()));
    fmt::print("serving {} on {}\n", fmt::join(names, ", "), address_of(options.server.host, port));
    finish_output();
    if (options.service.only_local) return;
    fmt::print(stderr,
               "promptcl: whoever reaches this address may ask and reload: there is no password "
               "and no encryption\n");
}

}  // namespace

int run_serve(const ServeOptions& options) {
    watch_for_interrupts();
    serve::Metrics metrics;
    serve::Models models(options.models, metrics);
    serve::Service service(models, metrics, options.service);
    serve::HttpServer server(service, options.server);
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

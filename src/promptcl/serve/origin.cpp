#include "promptcl/serve/origin.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace promptcl::serve {
namespace {

std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

bool is_this_machine(std::string_view host) {
    constexpr std::array<std::string_view, 3> kNames = {"localhost", "127.0.0.1", "[::1]"};
    return std::ranges::find(kNames, without_port(host)) != kNames.end();
}

}  // namespace

void require_same_origin(const Request& request, bool only_local) {
    if (only_local && !request.host.empty() && !is_this_machine(request.host)) {
        throw Refusal(403, "the request is meant for another host than this machine",
                      "ask localhost or 127.0.0.1");
    }
    const std::string& origin = request.origin;
    if (origin.empty() || origin == "http://" + request.host || origin == "https://" + request.host)
        return;
    throw Refusal(403, "the request comes from a page of another host",
                  "only the service's own page may ask from a browser");
}

}  // namespace promptcl::serve

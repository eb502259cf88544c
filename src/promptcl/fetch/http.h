// One GET over HTTP or HTTPS, through libcurl.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace promptcl::fetch {

struct Get {
    std::string url;
    std::int64_t offset = 0;           // bytes of the file that are not asked for
    std::chrono::seconds stalled{30};  // without a byte for so long, the transfer is broken
};

/// How it ended. What has come has been given to `body` in every case.
enum class End {
    kWhole,        // the server has sent all it announced
    kStopped,      // `stop` said so
    kNoOffset,     // the server cannot start at the offset; nothing was given to `body`
    kBroken,       // cut off, stalled, an overloaded server: may go better another time
    kUnreachable,  // no connection to the host
    kImpossible    // the server refuses, or the address is none
};

struct Reply {
    End end;
    std::string reason;  // of the last three: "the server answers 404"
};

/// A part of the file as it comes, and the bytes that the server announced to send from the offset
/// on; 0 when it did not say.
using Body = std::function<void(std::span<const std::byte> part, std::int64_t announced)>;

/// Redirections are followed and the proxies of the environment used (http_proxy, https_proxy,
/// no_proxy). `stop` is asked at least once a second. What `body` throws ends the transfer and is
/// thrown on.
Reply get(const Get& request, const Body& body, const std::function<bool()>& stop);

}  // namespace promptcl::fetch

#include "promptcl/serve/page.h"

#include "promptcl/serve/page_text.h"

#include <fmt/format.h>
#include <random>

namespace promptcl::serve {
namespace {

constexpr std::string_view kPlaceholder = "NONCE";

/// Known to this reply alone: what somebody smuggles into the page does not have it.
std::string fresh_nonce() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

}  // namespace

Reply page_reply() {
    const std::string nonce = fresh_nonce();
    std::string text(kPageText);
    for (auto at = text.find(kPlaceholder); at != std::string::npos; at = text.find(kPlaceholder))
        text.replace(at, kPlaceholder.size(), nonce);
    return {
        .type = "text/html; charset=utf-8",
        .body = std::move(text),
        .headers = {{"Content-Security-Policy",
                     fmt::format("default-src 'none'; script-src 'nonce-{0}'; style-src "
                                 "'nonce-{0}'; img-src blob: data:; connect-src 'self'; base-uri "
                                 "'none'; form-action 'none'; frame-ancestors 'none'",
                                 nonce)}}};
}

}  // namespace promptcl::serve

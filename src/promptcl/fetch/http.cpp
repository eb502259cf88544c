#include "promptcl/fetch/http.h"

#include "promptcl/core/error.h"
#include "promptcl/core/version.h"

#include <algorithm>
#include <array>
#include <curl/curl.h>
#include <exception>
#include <fmt/format.h>
#include <memory>

namespace promptcl::fetch {
namespace {

constexpr long kConnectSeconds = 20;
constexpr long kMostRedirections = 10;
constexpr long kTooManyRequests = 429;
constexpr long kNotSatisfiable = 416;

/// libcurl's own set-up, once a process.
void start_libcurl() {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (!ready) throw Error("libcurl does not start", "repair its installation");
}

/// A transfer, as the callbacks of libcurl see it. They are called from C and must not throw.
struct Transfer {
    CURL* handle;
    const Body& body;
    const std::function<bool()>& stop;
    std::exception_ptr failure;
    bool stopped = false;

    bool is_stopped() { return stopped = stopped || stop(); }
    long status() const {
        long code = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
        return code;
    }
    std::int64_t announced() const {
        curl_off_t bytes = 0;
        curl_easy_getinfo(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &bytes);
        return std::max<std::int64_t>(bytes, 0);
    }
};

std::size_t receive(char* bytes, std::size_t size, std::size_t count, void* user) {
    auto& transfer = *static_cast<Transfer*>(user);
    try {
        if (transfer.is_stopped()) return 0;  // fewer than were offered: libcurl ends the transfer
        transfer.body(std::as_bytes(std::span(bytes, size * count)), transfer.announced());
        return size * count;
    } catch (...) {
        transfer.failure = std::current_exception();
        return 0;
    }
}

int ask_whether_to_stop(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& transfer = *static_cast<Transfer*>(user);
    try {
        return transfer.is_stopped() ? 1 : 0;
    } catch (...) {
        transfer.failure = std::current_exception();
        return 1;
    }
}

void configure(CURL* handle, const Get& request, Transfer& transfer, char* reason) {
    const auto set = [&](CURLoption option, auto value) {
        require(curl_easy_setopt(handle, option, value) == CURLE_OK, "libcurl knows its options");
    };
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 1L);
    set(CURLOPT_MAXREDIRS, kMostRedirections);
    set(CURLOPT_FAILONERROR, 1L);
    set(CURLOPT_USERAGENT, fmt::format("promptcl/{}", kVersion).c_str());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.stalled.count()));
    set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(request.offset));
    set(CURLOPT_ERRORBUFFER, reason);
    set(CURLOPT_WRITEFUNCTION, receive);
    set(CURLOPT_WRITEDATA, &transfer);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, ask_whether_to_stop);
    set(CURLOPT_XFERINFODATA, &transfer);
}

End end_of_error_status(long status) {
    return status >= 500 || status == kTooManyRequests ? End::kBroken : End::kImpossible;
}

End end_of(CURLcode code) {
    switch (code) {
        case CURLE_OK:
            return End::kWhole;
        case CURLE_PARTIAL_FILE:
        case CURLE_GOT_NOTHING:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        case CURLE_OPERATION_TIMEDOUT:
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM:
            return End::kBroken;
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_CONNECT:
        case CURLE_SSL_CONNECT_ERROR:
            return End::kUnreachable;
        default:
            return End::kImpossible;
    }
}

Reply reply_of(CURLcode code, const Transfer& transfer, const Get& request, const char* reason) {
    if (transfer.stopped) return {End::kStopped, ""};
    const long status = transfer.status();
    if (request.offset > 0 && (code == CURLE_RANGE_ERROR || status == kNotSatisfiable))
        return {End::kNoOffset, ""};
    if (code == CURLE_HTTP_RETURNED_ERROR)
        return {end_of_error_status(status), fmt::format("the server answers {}", status)};
    return {end_of(code), *reason != '\0' ? reason : curl_easy_strerror(code)};
}

}  // namespace

Reply get(const Get& request, const Body& body, const std::function<bool()>& stop) {
    start_libcurl();
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                     &curl_easy_cleanup);
    if (!handle) throw Error("libcurl does not start", "repair its installation");
    std::array<char, CURL_ERROR_SIZE> reason{};
    Transfer transfer{handle.get(), body, stop};
    configure(handle.get(), request, transfer, reason.data());
    const CURLcode code = curl_easy_perform(handle.get());
    if (transfer.failure) std::rethrow_exception(transfer.failure);
    return reply_of(code, transfer, request, reason.data());
}

}  // namespace promptcl::fetch

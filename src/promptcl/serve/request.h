// A request and its reply, apart from the protocol that carries them.
#pragma once

#include "promptcl/core/error.h"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace promptcl::serve {

using Clock = std::chrono::steady_clock;

struct Request {
    std::string method, path;                  // the path decoded, without what follows '?'
    std::map<std::string, std::string> query;  // what follows it
    std::string host, origin, content_type;    // headers; empty where there is none
    /// Reads the body, at most once. Throws Refusal when it breaks a limit or does not come.
    std::function<std::string()> read_body = [] { return std::string(); };
    Clock::time_point deadline = Clock::time_point::max();  // later nobody waits for the reply
};

struct Reply {
    int status = 200;
    std::string type = "application/json", body;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// A request that gets no answer, and why: one sentence for whoever sent it.
class Refusal : public Error {
  public:
    Refusal(int status, const std::string& what, std::string_view hint = {})
        : Error(what, hint), status_(status) {}
    int status() const { return status_; }

  private:
    int status_;
};

/// {"error": what}
Reply refusal(int status, std::string_view what);

}  // namespace promptcl::serve

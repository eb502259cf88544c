// One request and its reply over one connection, in HTTP.
#pragma once

#include "promptcl/serve/connection.h"
#include "promptcl/serve/service.h"

#include <cstdint>
#include <httplib.h>

namespace promptcl::serve {

/// The library parses the head and writes the reply. The body is read here, of a length that is
/// known before and within the limit, and the connection is closed afterwards: no byte of a request
/// can be taken for the beginning of another.
class Exchange final : private httplib::Server {
  public:
    Exchange(Connection& connection, Service& service, std::uint64_t max_body);

    /// Never throws.
    void run();

  private:
    void answer(const httplib::Request& request, httplib::Response& response);
    std::string read_body(const httplib::Request& request);
    void send_alone(int status, std::string_view what);

    Connection& connection_;
    Service& service_;
    std::uint64_t max_body_;
    bool all_read_ = false;  // nothing of the request is left in the connection
};

}  // namespace promptcl::serve

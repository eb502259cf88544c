// What `promptcl serve` is asked for.
#pragma once

#include "promptcl/serve/http_server.h"
#include "promptcl/serve/models.h"
#include "promptcl/serve/service.h"

namespace promptcl::cli {

struct ServeOptions {
    serve::ModelOptions models;
    serve::Service::Options service;
    serve::ServerOptions server;
};

}  // namespace promptcl::cli

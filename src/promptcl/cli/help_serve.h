// What `promptcl serve --help` says below the options.
#pragma once

#include <string_view>

namespace promptcl::cli::help {

inline constexpr std::string_view kServe =
    R"(Example:
  promptcl serve pets.pcl
  promptcl serve pets.pcl birds.pcl --port 9000 --reject 0.05
  curl --data-binary @cat.jpg http://127.0.0.1:8080/predict
  curl -F image=@cat.jpg 'http://127.0.0.1:8080/predict/birds?top_k=1'
  curl -X POST http://127.0.0.1:8080/reload

Answers images over HTTP, with a page to drop one on at http://127.0.0.1:8080/. Model files over one
backbone share it in memory. POST /reload reads the model files again without losing a request.
docs/serve.md lists all paths, limits and what comes back.

Only this machine is answered unless --host says otherwise; there is no password and no encryption.
Ctrl-C or SIGTERM finishes what was asked and leaves. Writes no file.)";

}  // namespace promptcl::cli::help

// What the service does with a request, whatever it came over.
#pragma once

#include "promptcl/serve/metrics.h"
#include "promptcl/serve/models.h"
#include "promptcl/serve/request.h"

#include <atomic>
#include <cstdint>
#include <semaphore>
#include <string>

namespace promptcl::serve {

/// GET  /                  a page to drop an image on
/// GET  /healthz           whether it lives, and with which models
/// GET  /metrics           counts, for Prometheus
/// GET  /models            what it serves
/// GET  /classes[/NAME]    the classes of a model
/// POST /predict[/NAME]    an image, alone or in a form -> its answer (predict::to_json); ?top_k=N
///                         &reject=SHARE
/// POST /reload[/NAME]     reads the model files again
/// Without NAME the first model is meant, of /reload all. From any thread.
class Service {
  public:
    struct Options {
        std::int64_t max_waiting = 32;  // images whose answer is awaited at a time
        bool only_local = true;  // requests must name this machine as the host they are meant for
    };
    Service(Models& models, Metrics& metrics, const Options& options);

    /// Throws nothing: what goes wrong is a reply of 4xx or 5xx.
    Reply reply(const Request& request);
    Metrics& metrics() { return metrics_; }

  private:
    struct Route;
    static const Route* find_route(const Request& request);

    Reply routed(const Request& request);
    Reply page(const Request& request, const std::string& name);
    Reply health(const Request& request, const std::string& name);
    Reply counts(const Request& request, const std::string& name);
    Reply list(const Request& request, const std::string& name);
    Reply classes(const Request& request, const std::string& name);
    Reply predict(const Request& request, const std::string& name);
    Reply reload(const Request& request, const std::string& name);

    std::shared_ptr<const ServedModel> model(const std::string& name) const;
    std::vector<float> decoded(const Request& request, const ServedModel& model,
                               std::string& image_name);

    Models& models_;
    Metrics& metrics_;
    Options options_;
    std::atomic<std::int64_t> waiting_ = 0;
    std::counting_semaphore<> decoders_;  // so that a few large images do not take all memory
};

}  // namespace promptcl::serve

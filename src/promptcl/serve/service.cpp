#include "promptcl/serve/service.h"

#include "promptcl/core/cpus.h"
#include "promptcl/core/version.h"
#include "promptcl/data/image_file.h"
#include "promptcl/serve/form.h"
#include "promptcl/serve/origin.h"
#include "promptcl/serve/page.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace promptcl::serve {
namespace {

using Json = nlohmann::ordered_json;

/// Names of files and classes may be no UTF-8: what is not becomes a replacement character.
std::string text_of(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Reply json_reply(const Json& json) {
    return {.body = text_of(json)};
}

/// One of the places that images waiting for their answer take.
class Place {
  public:
    Place(std::atomic<std::int64_t>& taken, std::int64_t most) : taken_(taken) {
        if (++taken_ <= most) return;
        --taken_;
        throw Refusal(503, fmt::format("{} images wait for their answer already", most),
                      "ask again in a moment");
    }
    ~Place() { --taken_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

  private:
    std::atomic<std::int64_t>& taken_;
};

template <class Number>
std::optional<Number> number_in(const Request& request, const std::string& key) {
    const auto found = request.query.find(key);
    if (found == request.query.end()) return std::nullopt;
    const std::string& text = found->second;
    Number number{};
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size())
        throw Refusal(400, fmt::format("{} is no number", key), "see docs/serve.md");
    return number;
}

/// What the request's query asks to be shown.
predict::Showing showing_of(const Request& request, const ServedModel& model) {
    predict::Showing showing = model.showing;
    for (const auto& [key, value] : request.query) {
        if (key != "top_k" && key != "reject")
            throw Refusal(400, "the query has an unknown key", "the keys are top_k and reject");
    }
    if (const auto top_k = number_in<std::int64_t>(request, "top_k")) {
        if (*top_k < 1) throw Refusal(400, fmt::format("top_k is {}", *top_k), "give 1 or more");
        showing.top_k = *top_k;
    }
    if (const auto reject = number_in<double>(request, "reject")) {
        if (!(*reject > 0 && *reject < 1))
            throw Refusal(400, fmt::format("reject is {}", *reject), "give a share, as 0.05");
        showing.threshold = &predict::threshold_of(model.classifier().state.calibration, *reject,
                                                   "the model " + model.name);
    }
    return showing;
}

Json to_json(const ServedModel& model) {
    const model::Classifier& classifier = model.classifier();
    Json shares = Json::array();
    for (const auto& threshold : classifier.state.calibration.thresholds)
        shares.push_back(threshold.wanted);
    return {
        {"name", model.name},
        {"method", classifier.state.config.method},
        {"classes", classifier.classes()},
        {"tasks_learnt", classifier.state.tasks_learnt},
        {"input_size", classifier.state.config.images.input_size},
        {"reject", shares},
        {"changed", classifier.history.empty() ? Json() : Json(classifier.history.back().when)},
        {"backbone", {{"file", classifier.backbone.file}, {"sha256", classifier.backbone.sha256}}}};
}

std::string names_of(const ModelList& models) {
    std::vector<std::string> names;
    for (const auto& model : models)
        names.push_back(model->name);
    return fmt::format("the models are {}", fmt::join(names, ", "));
}

}  // namespace

Reply refusal(int status, std::string_view what) {
    Reply reply{.status = status, .body = text_of({{"error", what}})};
    if (status == 503) reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

/// What a path means. One that may name a model ends with it or not.
struct Service::Route {
    std::string_view path, method;
    bool names_model;
    Reply (Service::*answer)(const Request& request, const std::string& name);

    bool matches(std::string_view asked) const {
        if (asked == path) return true;
        return names_model && asked.starts_with(path) && asked.substr(path.size()).starts_with('/');
    }
    std::string name_in(const std::string& asked) const {
        return asked.size() > path.size() ? asked.substr(path.size() + 1) : "";
    }
};

Service::Service(Models& models, Metrics& metrics, const Options& options)
    : models_(models), metrics_(metrics), options_(options), decoders_(usable_cpus()) {}

const Service::Route* Service::find_route(const Request& request) {
    static constexpr std::array kRoutes = {
        Route{"/", "GET", false, &Service::page},
        Route{"/healthz", "GET", false, &Service::health},
        Route{"/metrics", "GET", false, &Service::counts},
        Route{"/models", "GET", false, &Service::list},
        Route{"/classes", "GET", true, &Service::classes},
        Route{"/predict", "POST", true, &Service::predict},
        Route{"/reload", "POST", true, &Service::reload},
    };
    const auto found = std::ranges::find_if(
        kRoutes, [&](const Route& route) { return route.matches(request.path); });
    return found == kRoutes.end() ? nullptr : &*found;
}

Reply Service::routed(const Request& request) {
    require_same_origin(request, options_.only_local);
    const Route* route = find_route(request);
    if (route == nullptr) throw Refusal(404, "there is no such path", "see docs/serve.md");
    const bool reads = route->method == "GET" && request.method == "HEAD";
    if (request.method != route->method && !reads) {
        Reply reply =
            refusal(405, fmt::format("{} takes {}; see docs/serve.md", route->path, route->method));
        reply.headers.emplace_back("Allow", route->method == "GET" ? "GET, HEAD" : route->method);
        return reply;
    }
    return (this->*route->answer)(request, route->name_in(request.path));
}

Reply Service::reply(const Request& request) {
    try {
        return routed(request);
    } catch (const Refusal& problem) {
        return refusal(problem.status(), problem.what());
    } catch (const UsageError& problem) {
        return refusal(400, problem.what());
    } catch (const std::bad_alloc&) {
        return refusal(503, "out of memory; ask again in a moment");
    } catch (const std::exception& problem) {
        return refusal(500, problem.what());
    }
}

std::shared_ptr<const ServedModel> Service::model(const std::string& name) const {
    auto found = models_.find(name);
    if (!found) throw Refusal(404, "there is no such model", names_of(models_.all()));
    return found;
}

Reply Service::page(const Request&, const std::string&) {
    return page_reply();
}

Reply Service::health(const Request&, const std::string&) {
    Json names = Json::array();
    for (const auto& model : models_.all())
        names.push_back(model->name);
    return json_reply({{"status", "ok"}, {"models", names}, {"version", kVersion}});
}

Reply Service::counts(const Request&, const std::string&) {
    return {.type = "text/plain; version=0.0.4",
            .body = metrics_.text(waiting_, std::ssize(models_.all()))};
}

Reply Service::list(const Request&, const std::string&) {
    Json models = Json::array();
    for (const auto& model : models_.all())
        models.push_back(to_json(*model));
    return json_reply({{"models", models}});
}

Reply Service::classes(const Request&, const std::string& name) {
    const auto asked = model(name);
    return json_reply({{"model", asked->name}, {"classes", asked->classifier().state.class_names}});
}

std::vector<float> Service::decoded(const Request& request, const ServedModel& model,
                                    std::string& image_name) {
    const std::string body = request.read_body();
    FormFile file{.name = "", .contents = body};
    if (is_form(request.content_type)) file = file_of_form(body);
    image_name = file.name.empty() ? "of the request" : file.name;
    std::vector<float> pixels(static_cast<std::size_t>(model.transform.output_size()));
    decoders_.acquire();
    const std::shared_ptr<void> release(nullptr, [this](void*) { decoders_.release(); });
    try {
        const auto image = data::decode_image(std::as_bytes(std::span(file.contents)), image_name,
                                              model.transform.jpeg_dct());
        model.transform.evaluate(image.view(), pixels);
    } catch (const Error& problem) {
        throw Refusal(400, problem.what());
    }
    return pixels;
}

Reply Service::predict(const Request& request, const std::string& name) {
    const auto begin = Clock::now();
    const auto asked = model(name);
    const predict::Showing showing = showing_of(request, *asked);
    const Place place(waiting_, options_.max_waiting);
    std::string image_name;
    const auto pixels = decoded(request, *asked, image_name);
    const auto answer = asked->vit->batcher.answer(asked->predictor, pixels, request.deadline);
    if (!answer) throw Refusal(503, "the answer was not ready in time", "ask again in a moment");
    metrics_.count_image(asked->name, std::chrono::duration<double>(Clock::now() - begin).count());
    const auto shown = predict::shown(*answer, image_name, asked->classifier().state, showing);
    Json json = {{"model", asked->name}};
    json.update(predict::to_json(shown));
    return json_reply(json);
}

Reply Service::reload(const Request&, const std::string& name) {
    if (!name.empty()) model(name);
    models_.reload(name);
    return list({}, "");
}

}  // namespace promptcl::serve

#include "tests/serve/small_service.h"

#include "promptcl/core/rng.h"
#include "promptcl/data/image_file.h"
#include "promptcl/io/sha256.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/predict/shown_answer.h"

#include "tests/data/picture_files.h"
#include "tests/support/tiny_vit.h"

#include <arpa/inet.h>
#include <array>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace promptcl::serve {

using support::kTinyImage;

ModelFolder::ModelFolder() {
    // Beside the model files, under the name that they give it, it is found.
    const auto vit = folder_ / "tiny_vit.npz";
    support::write_checkpoint(vit, support::tiny_checkpoint(3));
    sha256_ = io::sha256_of_file(vit);
}

std::filesystem::path ModelFolder::write(const std::string& name,
                                         const std::vector<std::string>& classes,
                                         std::uint64_t seed, const config::Config& config) const {
    auto classifier = support::small_classifier(config, classes, seed);
    classifier.backbone.sha256 = sha256_;
    classifier.state.arrays.at("class/images") = io::Array::of(
        std::span<const float>(std::vector<float>(classes.size(), 5)), {std::ssize(classes)});
    model::write_classifier(folder_ / name, classifier);
    return folder_ / name;
}

std::string picture(std::uint64_t seed) {
    Rng rng(seed);
    std::vector<std::vector<std::uint8_t>> rows(kTinyImage);
    for (auto& row : rows) {
        for (std::int64_t i = 0; i < 3 * kTinyImage; ++i)
            row.push_back(static_cast<std::uint8_t>(rng.below(256)));
    }
    return data::png_of(data::PngKind::kRgb, kTinyImage, rows);
}

nlohmann::json direct_answer(const std::filesystem::path& model_file, const std::string& picture) {
    auto classifier = model::read_classifier(model_file);
    const config::Config config = classifier.state.config;
    const predict::Predictor predictor(
        std::make_shared<const predict::Backbone>(model_file.parent_path() / "tiny_vit.npz",
                                                  predict::arithmetic_of(config)),
        std::move(classifier), "x.pcl");
    const data::Transform transform(config.images);
    std::vector<float> pixels(static_cast<std::size_t>(transform.output_size()));
    const auto image = data::decode_image(std::as_bytes(std::span(picture)), "x.png");
    transform.evaluate(image.view(), pixels);
    const auto answers = predictor.answer(pixels, 1);
    nlohmann::json json = predict::to_json(predict::shown(
        answers.front(), "of the request", predictor.classifier().state, {.likeness = true}));
    json["model"] = model_file.stem().string();
    return json;
}

SmallService::SmallService(const Service::Options& options)
    : a(files.write("a.pcl", {"cat", "dog", "owl"})),
      b(files.write("b.pcl", {"red", "blue"}, 5, support::small_dualprompt())),
      models({.files = {a, b}, .threads = 2}, metrics),
      service(models, metrics, options) {}

Reply SmallService::ask(const std::string& method, const std::string& path,
                        const std::string& body) {
    Request request{.method = method, .path = path, .read_body = [&] { return body; }};
    return service.reply(request);
}

nlohmann::json SmallService::ask_json(const std::string& method, const std::string& path,
                                      const std::string& body) {
    return nlohmann::json::parse(ask(method, path, body).body);
}

RunningServer::RunningServer(const ServerOptions& options, const Service::Options& service)
    : small(service),
      server_(small.service, {.port = 0,
                              .max_body = options.max_body,
                              .timeout = options.timeout,
                              .connections = options.connections}),
      thread_([this] { server_.run(); }) {}

RunningServer::~RunningServer() {
    server_.stop();
}

httplib::Client RunningServer::client() const {
    return httplib::Client("127.0.0.1", server_.port());
}

std::string RunningServer::raw(const std::string& bytes, bool then_close) const {
    const Descriptor socket(connected_to(server_.port()));
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t count =
            ::send(socket.number(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) break;  // it has heard enough
        sent += static_cast<std::size_t>(count);
    }
    if (then_close) ::shutdown(socket.number(), SHUT_WR);
    std::string reply;
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = ::recv(socket.number(), buffer.data(), buffer.size(), 0)) > 0;)
        reply.append(buffer.data(), static_cast<std::size_t>(count));
    return reply;
}

bool RunningServer::alive() const {
    const std::string image = picture(1);
    const auto reply = client().Post("/predict/a", image, "image/png");
    return reply && reply->status == 200 &&
           nlohmann::json::parse(reply->body) == direct_answer(small.a, image);
}

std::string good_request(const std::string& image) {
    const std::string form =
        "--x\r\nContent-Disposition: form-data; name=\"i\"; filename=\"cat.png\"\r\n\r\n" + image +
        "\r\n--x--";
    return fmt::format(
        "POST /predict/a?top_k=2&reject=0.05 HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
        "multipart/form-data; boundary=x\r\nContent-Length: {}\r\n\r\n{}",
        form.size(), form);
}

int connected_to(int port) {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::connect(made, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return made;
    ::close(made);
    return -1;
}

int status_of(const std::string& reply) {
    constexpr std::string_view kStart = "HTTP/1.1 ";
    if (!reply.starts_with(kStart)) return 0;
    return std::stoi(reply.substr(kStart.size(), 3));
}

}  // namespace promptcl::serve

// A service over the tiny ViT, and the programs that ask it.
#pragma once

#include "promptcl/serve/http_server.h"
#include "promptcl/serve/models.h"
#include "promptcl/serve/service.h"

#include "tests/support/small_classifier.h"
#include "tests/support/temporary_folder.h"

#include <cstdint>
#include <httplib.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace promptcl::serve {

/// A folder with the tiny ViT and model files over it.
class ModelFolder {
  public:
    ModelFolder();

    /// Writes a model file of L2P (or another configuration), in place of an older one at once.
    /// `seed` draws what it learnt.
    std::filesystem::path write(const std::string& name, const std::vector<std::string>& classes,
                                std::uint64_t seed = 1,
                                const config::Config& config = support::small_l2p()) const;
    std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
    const TemporaryFolder& folder() const { return folder_; }

  private:
    TemporaryFolder folder_;
    std::string sha256_;  // of the ViT
};

/// A PNG file of 8 x 8 pixels drawn from `seed`.
std::string picture(std::uint64_t seed);

/// What a model file answers to a picture file when it is asked alone, as the service shows it.
nlohmann::json direct_answer(const std::filesystem::path& model_file, const std::string& picture);

/// The models a.pcl (cat, dog, owl) and b.pcl (red, blue; DualPrompt) and a service over them.
struct SmallService {
    explicit SmallService(const Service::Options& options = {});

    Reply ask(const std::string& method, const std::string& path, const std::string& body = "");
    nlohmann::json ask_json(const std::string& method, const std::string& path,
                            const std::string& body = "");

    ModelFolder files;
    std::filesystem::path a, b;
    Metrics metrics;
    Models models;
    Service service;
};

/// The same on a port of this machine, while this lives.
class RunningServer {
  public:
    explicit RunningServer(const ServerOptions& options = {}, const Service::Options& service = {});
    ~RunningServer();

    int port() const { return server_.port(); }
    httplib::Client client() const;
    /// The whole reply to these bytes, sent over a connection of their own. `then_close`: no more
    /// bytes will come, and the server sees it.
    std::string raw(const std::string& bytes, bool then_close = false) const;
    /// Whether it still answers an image as it should.
    bool alive() const;

    SmallService small;

  private:
    HttpServer server_;
    std::jthread thread_;
};

/// A request that model a answers: the picture in a form.
std::string good_request(const std::string& image);

/// A socket with a connection to this port of this machine; -1 when there is none.
int connected_to(int port);

/// The status in the first line of a reply; 0 when there is none.
int status_of(const std::string& reply);

}  // namespace promptcl::serve

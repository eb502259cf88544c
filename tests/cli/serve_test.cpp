// `promptcl serve`: its command line, and the program.
#include "promptcl/cli/command_line.h"
#include "promptcl/core/error.h"

#include "tests/serve/small_service.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <sys/wait.h>

namespace promptcl::cli {
namespace {

using ::testing::HasSubstr;

ServeOptions parsed(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "serve");
    return std::get<ServeOptions>(parse(arguments));
}

TEST(ServeCommand, BindsToThisMachineUnlessToldOtherwise) {
    const serve::ModelFolder files;
    const std::string model = files.write("a.pcl", {"cat"});
    EXPECT_EQ(parsed({model}).host, "127.0.0.1");
    EXPECT_EQ(parsed({model, "--host", "0.0.0.0"}).host, "0.0.0.0");
}

TEST(ServeCommand, HasALimitForEverything) {
    const serve::ModelFolder files;
    const std::string model = files.write("a.pcl", {"cat"});
    const ServeOptions options =
        parsed({model, "--max_body", "2", "--max-waiting", "5", "--timeout", "7", "--port", "0"});
    EXPECT_EQ(options.max_body, 2);
    EXPECT_EQ(options.max_waiting, 5);
    EXPECT_EQ(options.timeout, 7);
    EXPECT_EQ(options.port, 0);
}

TEST(ServeCommand, RefusesWhatCannotBe) {
    const serve::ModelFolder files;
    const std::string model = files.write("a.pcl", {"cat"});
    const auto refusal = [&](const std::string& flag, const std::string& value) {
        return message_of<UsageError>([&] { parsed({model, flag, value}); });
    };
    EXPECT_THAT(refusal("--port", "65536"), HasSubstr("--port is 65536; give 0 to 65535"));
    EXPECT_THAT(refusal("--timeout", "0"), HasSubstr("--timeout is 0"));
    EXPECT_THAT(refusal("--max_body", "0"), HasSubstr("--max_body is 0"));
    EXPECT_THAT(refusal("--reject", "5"), HasSubstr("--reject 5 is no share"));
    EXPECT_THAT(message_of<UsageError>([] { parsed({}); }), HasSubstr("a model file is missing"));
    EXPECT_THAT(message_of<Error>([&] { parsed({model + "x"}); }), HasSubstr("no such file"));
}

/// The program, serving, until it is stopped.
class ServingProgram {
  public:
    explicit ServingProgram(const std::string& model)
        : pipe_(
              ::popen(("echo $$; exec " PROMPTCL_PROGRAM " serve --port 0 " + model).c_str(), "r")),
          pid_(std::stoi(line())),
          announced_(line()) {}

    const std::string& announced() const { return announced_; }
    int port() const { return std::stoi(announced_.substr(announced_.rfind(':') + 1)); }
    /// Its exit code.
    int stop(int signal) {
        ::kill(pid_, signal);
        return WEXITSTATUS(::pclose(pipe_));
    }

  private:
    std::string line() {
        std::array<char, 1000> buffer{};
        return std::fgets(buffer.data(), buffer.size(), pipe_) == nullptr ? "" : buffer.data();
    }

    FILE* pipe_;
    int pid_;
    std::string announced_;
};

TEST(ServeProgram, SaysWhereItListensAnswersAndEndsAsAnInterruptDoes) {
    const serve::ModelFolder files;
    const auto model = files.write("a.pcl", {"cat", "dog"});
    const std::string image = serve::picture(1);
    for (const int signal : {SIGINT, SIGTERM}) {
        ServingProgram program(model.string());
        EXPECT_THAT(program.announced(), HasSubstr("serving a (2 classes) on http://127.0.0.1:"));
        const auto reply =
            httplib::Client("127.0.0.1", program.port()).Post("/predict", image, "image/png");
        EXPECT_EQ(nlohmann::json::parse(reply->body), serve::direct_answer(model, image));
        EXPECT_EQ(program.stop(signal), 128 + signal);
    }
}

}  // namespace
}  // namespace promptcl::cli

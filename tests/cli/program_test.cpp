// The built program, as a user runs it.
#include "promptcl/cli/torch_environment.h"
#include "promptcl/config/print.h"
#include "promptcl/core/version.h"

#include "tests/cli/shell.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Program, ExitsWithTheKindOfFailureAndSaysItInOneSentence) {
    const auto refused = promptcl("trian");
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.output, "promptcl: there is no command \"trian\"; did you mean \"train\"?\n");
    const auto missing = promptcl("inspect none.npz");
    EXPECT_EQ(missing.code, 3);
    EXPECT_THAT(missing.output, StartsWith("promptcl: cannot read none.npz"));
}

TEST(Program, PrintsHelpVersionAndListsWithSuccess) {
    EXPECT_EQ(promptcl("--version").output, std::string("promptcl ") + kVersion + "\n");
    for (const std::string arguments :
         {"--help", "train --help", "list methods", "list datasets", "list backbones",
          "list configs", "list keys", "list keys --json", "data --help", "data list",
          "data list --json", "inspect cifar100_l2p", "inspect cifar100_l2p --json"}) {
        const auto outcome = promptcl(arguments);
        EXPECT_EQ(outcome.code, 0) << arguments << "\n" << outcome.output;
        EXPECT_GT(outcome.output.size(), 50U) << arguments;
    }
}

TEST(Program, WritesTheManualOfKeys) {
    EXPECT_EQ(promptcl("list keys --markdown").output, config::keys_markdown());
}

TEST(Program, FailsWhenItsOutputCannotBeWritten) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
    const auto outcome = shell("(" + std::string(PROMPTCL_PROGRAM) + " list keys > /dev/full)");
    EXPECT_EQ(outcome.code, 3);
    EXPECT_THAT(outcome.output, HasSubstr("No space left"));
}

TEST(Program, DoesNotLoadLibTorch) {
    const auto libraries = shell("ldd " + std::string(PROMPTCL_PROGRAM));
    if (libraries.code != 0) GTEST_SKIP() << "this system has no ldd";
    EXPECT_THAT(libraries.output, AllOf(HasSubstr("libc.so"), Not(HasSubstr("torch")),
                                        Not(HasSubstr("libc10")), Not(HasSubstr("blas"))));
}

TEST(Program, AnswersInAFifthOfASecond) {
    constexpr double kLimitSeconds = 0.2;
    promptcl("--help");  // the first start reads the disk
    double best = 10;    // of several: other processes may be busy
    for (int round = 0; round < 5; ++round) {
        const auto start = std::chrono::steady_clock::now();
        promptcl("train --config cifar100_l2p --workdir x");
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
        best = std::min(best, elapsed.count());
    }
    EXPECT_LT(best, kLimitSeconds);
}

/// A copy of the program beside or above a script that stands for promptcl-torch.
class Installation : public ::testing::Test {
  protected:
    void install(const std::string& torch_place,
                 const std::string& says = "$OMP_WAIT_POLICY \"$@\"") {
        fs::create_directories(folder_.path() / "bin");
        fs::copy_file(PROMPTCL_PROGRAM, program());
        const auto script = folder_.write(torch_place, "#!/bin/sh\necho " + says + "\nexit 42\n");
        fs::permissions(script, fs::perms::owner_all);
    }
    fs::path program() const { return folder_.path() / "bin/promptcl"; }

    TemporaryFolder folder_;
};

TEST_F(Installation, BecomesTheTorchProgramBesideIt) {
    install("bin/promptcl-torch");
    const auto outcome = shell(program().string() + " demo --workdir 'a b'");
    EXPECT_EQ(outcome.code, 42);
    EXPECT_EQ(outcome.output, "passive demo --workdir a b\n");
}

TEST_F(Installation, BecomesTheTorchProgramInLibexec) {
    install("libexec/promptcl/promptcl-torch");
    EXPECT_EQ(shell(program().string() + " demo").code, 42);
}

TEST_F(Installation, KeepsAWaitPolicyThatTheUserChose) {
    install("bin/promptcl-torch");
    EXPECT_EQ(shell("OMP_WAIT_POLICY=active " + program().string() + " demo").output,
              "active demo\n");
}

TEST_F(Installation, KeepsKernelsOfOpenblasThatTheUserChose) {
    install("bin/promptcl-torch", "$OPENBLAS_CORETYPE");
    EXPECT_EQ(shell("OPENBLAS_CORETYPE=Prescott " + program().string() + " demo").output,
              "Prescott\n");
}

TEST_F(Installation, ChoosesKernelsWhereOpenblasWouldChooseOldOnes) {
    install("bin/promptcl-torch", "$OPENBLAS_CORETYPE");
    ::unsetenv("OPENBLAS_CORETYPE");
    const auto better =
        better_openblas_kernels(openblas_kernels(), engine::usable_isas().back()).value_or("");
    EXPECT_EQ(shell(program().string() + " demo").output, std::string(better) + "\n");
}

TEST_F(Installation, RefusesAWrongCommandLineBeforeItBecomesTheTorchProgram) {
    install("bin/promptcl-torch");
    EXPECT_EQ(shell(program().string() + " demo --wrkdir x").code, 2);
}

TEST_F(Installation, SaysThatTheTorchProgramIsMissing) {
    install("elsewhere/promptcl-torch");
    const auto outcome = shell(program().string() + " demo");
    EXPECT_EQ(outcome.code, 3);
    EXPECT_THAT(outcome.output, HasSubstr("promptcl-torch"));
}

TEST_F(Installation, FindsTheConfigurationsItCameWith) {
    install("bin/promptcl-torch");
    folder_.write("share/promptcl/configs/mine.toml", "# Mine.\nseed = 7\n");
    EXPECT_THAT(shell(program().string() + " list configs").output,
                AllOf(HasSubstr("mine    Mine."), Not(HasSubstr("cifar100"))));
    EXPECT_THAT(shell(program().string() + " inspect mine").output, HasSubstr("seed = 7"));
}

}  // namespace
}  // namespace promptcl::cli

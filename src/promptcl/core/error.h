// The three kinds of failure, each with the exit code that main() gives it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace promptcl {

/// After SIGINT or SIGTERM, with everything saved, a program ends with 128 + the signal's number.
enum class ExitCode : int {
    kSuccess = 0,
    kCheckFailed = 1,  // the command ran, and what it checked does not hold
    kUsage = 2,        // the command line or the configuration is wrong
    kWorld = 3,        // a file, the disk, a device or the data is wrong
    kBug = 70          // promptcl itself is wrong
};

/// The world is wrong (a file, the disk, the data). One sentence that names the thing and what is
/// wrong with it, then what to do about it: "cannot read x.npz: no such file; give the path of a
/// ViT checkpoint".
class Error : public std::runtime_error {
  public:
    explicit Error(const std::string& what, std::string_view hint = {});
    virtual ExitCode exit_code() const { return ExitCode::kWorld; }
};

/// The user asked for something that cannot be: an unknown key, a value out of range, a bad flag.
class UsageError : public Error {
  public:
    using Error::Error;
    ExitCode exit_code() const override { return ExitCode::kUsage; }
};

/// The program broke a rule of its own.
class Bug : public std::logic_error {
  public:
    using std::logic_error::logic_error;
};

/// Throws Bug naming the rule and the place unless `holds`. Always on.
void require(bool holds, std::string_view rule, const char* file = __builtin_FILE(),
             int line = __builtin_LINE());

}  // namespace promptcl

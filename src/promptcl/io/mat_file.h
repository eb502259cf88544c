// Arrays in the format of MATLAB 5 to 7.2, through libmatio.
#pragma once

#include "promptcl/io/array.h"

#include <filesystem>
#include <memory>
#include <string>

struct _mat_t;  // NOLINT(bugprone-reserved-identifier): so libmatio calls it

namespace promptcl::io {

class MatFile {
  public:
    /// Error when `path` cannot be read, is of another format, or is cut off.
    explicit MatFile(const std::filesystem::path& path);

    /// The variable of this name, of class uint8 or double, compressed or not. MATLAB's arrays are
    /// column-major: the dimensions come in the opposite order and the elements as they lie.
    /// Error naming the file and the variable that is missing, damaged or of another class.
    Array read(const std::string& variable);

  private:
    struct Close {
        void operator()(_mat_t* file) const;
    };

    std::filesystem::path path_;
    std::unique_ptr<_mat_t, Close> file_;
};

}  // namespace promptcl::io

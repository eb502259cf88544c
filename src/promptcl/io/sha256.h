// The checksum that promptcl records of everything it reads.
#pragma once

#include "promptcl/io/digest.h"

#include <filesystem>
#include <string>

namespace promptcl::io {

class Sha256 : public Digest {
  public:
    Sha256() : Digest(DigestKind::kSha256) {}
};

/// Of the whole file, 64 digits. Error when it cannot be read.
inline std::string sha256_of_file(const std::filesystem::path& path) {
    return digest_of_file(DigestKind::kSha256, path);
}

}  // namespace promptcl::io

// SHA-256 of files and bytes (FIPS 180-4).
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st;

namespace promptcl::io {

class Sha256 {
  public:
    Sha256();

    void update(std::span<const std::byte> bytes);
    /// 64 lower-case hexadecimal digits; called once, after the last update().
    std::string hex();

  private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// Of the whole file. Error when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

}  // namespace promptcl::io

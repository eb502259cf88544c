// Checksums of files and bytes, through OpenSSL.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct evp_md_ctx_st;

namespace promptcl::io {

enum class DigestKind {
    kMd5,    // RFC 1321: tells damage, not malice
    kSha256  // FIPS 180-4
};

/// "MD5", "SHA-256".
std::string_view name_of(DigestKind kind);
/// Hexadecimal digits of one: 32, 64.
std::size_t hex_digits(DigestKind kind);

class Digest {
  public:
    explicit Digest(DigestKind kind);

    void update(std::span<const std::byte> bytes);
    /// Called once, after the last update().
    std::vector<std::byte> bytes();
    /// The same as lower-case hexadecimal digits.
    std::string hex();

  private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    DigestKind kind_;
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// Of the whole file. Error when it cannot be read.
std::string digest_of_file(DigestKind kind, const std::filesystem::path& path);

}  // namespace promptcl::io

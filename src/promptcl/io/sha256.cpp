#include "promptcl/io/sha256.h"

#include "promptcl/core/error.h"
#include "promptcl/io/file.h"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>
#include <vector>

namespace promptcl::io {

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    const bool ready = context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1;
    if (!ready) throw Error("OpenSSL offers no SHA-256", "repair its installation");
}

void Sha256::update(std::span<const std::byte> bytes) {
    require(context_ != nullptr, "no bytes follow the end of a SHA-256");
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1, "SHA-256 updates");
}

std::string Sha256::hex() {
    require(context_ != nullptr, "a SHA-256 ends once");
    std::array<unsigned char, 32> digest{};
    require(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1, "SHA-256 ends");
    context_.reset();
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

std::string sha256_of_file(const std::filesystem::path& path) {
    auto file = File::open_to_read(path);
    std::vector<std::byte> chunk(1 << 20);
    Sha256 hash;
    for (std::size_t count = chunk.size(); count == chunk.size();) {
        count = file.read(chunk);
        hash.update(std::span(chunk).first(count));
    }
    return hash.hex();
}

}  // namespace promptcl::io

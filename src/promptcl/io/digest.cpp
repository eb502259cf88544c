#include "promptcl/io/digest.h"

#include "promptcl/core/error.h"
#include "promptcl/io/file.h"

#include <fmt/format.h>
#include <openssl/evp.h>

namespace promptcl::io {
namespace {

const EVP_MD* algorithm(DigestKind kind) {
    return kind == DigestKind::kMd5 ? EVP_md5() : EVP_sha256();
}

}  // namespace

std::string_view name_of(DigestKind kind) {
    return kind == DigestKind::kMd5 ? "MD5" : "SHA-256";
}

std::size_t hex_digits(DigestKind kind) {
    return 2 * static_cast<std::size_t>(EVP_MD_get_size(algorithm(kind)));
}

void Digest::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

Digest::Digest(DigestKind kind) : kind_(kind), context_(EVP_MD_CTX_new()) {
    const bool ready = context_ && EVP_DigestInit_ex(context_.get(), algorithm(kind), nullptr) == 1;
    if (!ready) {
        throw Error(fmt::format("OpenSSL offers no {}", name_of(kind)), "repair its installation");
    }
}

void Digest::update(std::span<const std::byte> bytes) {
    require(context_ != nullptr, "no bytes follow the end of a checksum");
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1,
            "a checksum updates");
}

std::vector<std::byte> Digest::bytes() {
    require(context_ != nullptr, "a checksum ends once");
    std::vector<std::byte> digest(hex_digits(kind_) / 2);
    auto* target = reinterpret_cast<unsigned char*>(digest.data());
    require(EVP_DigestFinal_ex(context_.get(), target, nullptr) == 1, "a checksum ends");
    context_.reset();
    return digest;
}

std::string Digest::hex() {
    std::string text;
    for (const std::byte byte : bytes())
        text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
    return text;
}

std::string digest_of_file(DigestKind kind, const std::filesystem::path& path) {
    auto file = File::open_to_read(path);
    std::vector<std::byte> chunk(1 << 20);
    Digest digest(kind);
    for (std::size_t count = chunk.size(); count == chunk.size();) {
        count = file.read(chunk);
        digest.update(std::span(chunk).first(count));
    }
    return digest.hex();
}

}  // namespace promptcl::io

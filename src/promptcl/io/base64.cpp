#include "promptcl/io/base64.h"

#include "promptcl/core/error.h"

#include <limits>
#include <openssl/evp.h>
#include <utility>

namespace promptcl::io {

std::string base64(std::span<const std::byte> bytes) {
    require(std::cmp_less(bytes.size(), std::numeric_limits<int>::max() / 2),
            "base64 is for small things");
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

}  // namespace promptcl::io

#include "promptcl/data/dataset.h"

#include "promptcl/io/sha256.h"

namespace promptcl::data {

std::string Dataset::sha256(std::int64_t i) const {
    io::Sha256 digest;
    digest.update(std::as_bytes(image(i).rgb));
    return digest.hex();
}

}  // namespace promptcl::data

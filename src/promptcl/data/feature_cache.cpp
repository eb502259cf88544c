#include "promptcl/data/feature_cache.h"

#include "promptcl/core/error.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/sha256.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 64;    // of a SHA-256
constexpr std::size_t kChecksum = 16;  // its first digits, in front of each row
constexpr std::size_t kNameDigits = 16;

struct Header {
    std::array<char, kFeatureFormat.size() + 1> magic{};
    std::uint32_t width = 0;
    std::uint64_t images = 0;
    std::array<char, kDigits> identity{};  // SHA-256, hexadecimal
};
static_assert(sizeof(Header) == 96 && std::is_trivially_copyable_v<Header>);

using Bytes = std::span<const std::byte>;

template <class T>
Bytes bytes_of(const T& object) {
    return std::as_bytes(std::span(&object, 1));
}

Header header_of(std::string_view identity, FeatureShape shape) {
    Header header{.width = static_cast<std::uint32_t>(shape.width),
                  .images = static_cast<std::uint64_t>(shape.images)};
    *std::ranges::copy(kFeatureFormat, header.magic.begin()).out = '\n';
    io::Sha256 digest;
    digest.update(std::as_bytes(std::span(identity)));
    std::ranges::copy(digest.hex(), header.identity.begin());
    return header;
}

std::size_t row_size(FeatureShape shape) {
    return kChecksum + static_cast<std::size_t>(shape.width) * sizeof(float);
}

std::size_t place_of(std::int64_t image, FeatureShape shape) {
    require(image >= 0 && image < shape.images, "the number of an image lies in its split");
    return sizeof(Header) + static_cast<std::size_t>(image) * row_size(shape);
}

std::int64_t file_size(FeatureShape shape) {
    return static_cast<std::int64_t>(sizeof(Header)) +
           shape.images * static_cast<std::int64_t>(row_size(shape));
}

std::string checksum(std::int64_t image, const Company& company, Bytes row) {
    io::Sha256 digest;
    digest.update(std::as_bytes(std::span(company.sha256())));
    digest.update(bytes_of(image));
    digest.update(row);
    return digest.hex().substr(0, kChecksum);
}

/// The file that lies at `path`, if it is whole and this one.
std::optional<io::File> find_file(const fs::path& path, const Header& header, std::int64_t size) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return std::nullopt;
    auto file = io::File::open_to_write(path, O_RDWR);
    Header found;
    file.read(std::as_writable_bytes(std::span(&found, 1)));
    if (file.size() != size || !std::ranges::equal(bytes_of(found), bytes_of(header)))
        return std::nullopt;
    return file;
}

io::File open_file(const fs::path& path, const Header& header, std::int64_t size) {
    if (auto found = find_file(path, header, size)) return std::move(*found);
    constexpr std::chrono::milliseconds kPause{5};
    io::AtomicFile file(path, [&] { std::this_thread::sleep_for(kPause); });
    if (auto found = find_file(path, header, size)) return std::move(*found);  // made meanwhile
    file.write(bytes_of(header));
    file.extend(size);
    file.commit();
    return io::File::open_to_write(path, O_RDWR);
}

io::File open_file(const fs::path& folder, std::string_view name, std::string_view identity,
                   FeatureShape shape) {
    io::make_folder(folder, "let cache_dir name a folder that can be written");
    const Header header = header_of(identity, shape);
    const std::string_view key(header.identity.data(), kNameDigits);
    return open_file(folder / fmt::format("{}-{}.features", name, key), header, file_size(shape));
}

io::File memory_for(FeatureShape shape) {
    auto file = io::File::in_memory("features");
    file.truncate(file_size(shape));
    return file;
}

}  // namespace

Company::Company(std::span<const std::int64_t> images, std::uint64_t seed)
    : images_(images.begin(), images.end()) {
    io::Sha256 digest;
    digest.update(bytes_of(seed));
    digest.update(std::as_bytes(images));
    sha256_ = digest.hex();
}

FeatureCache::FeatureCache(io::File file, FeatureShape shape)
    : shape_(shape), file_(std::move(file)), mapped_(file_) {}

FeatureCache::FeatureCache(FeatureShape shape) : FeatureCache(memory_for(shape), shape) {}

FeatureCache::FeatureCache(const fs::path& folder, std::string_view name, std::string_view identity,
                           FeatureShape shape)
    : FeatureCache(open_file(folder, name, identity, shape), shape) {}

bool FeatureCache::read(std::int64_t image, const Company& company, std::span<float> row) const {
    require(std::ssize(row) == shape_.width, "a row of features fills its span");
    const auto stored = mapped_.bytes().subspan(place_of(image, shape_), row_size(shape_));
    std::string digits(kChecksum, ' ');
    std::memcpy(digits.data(), stored.data(), kChecksum);
    std::memcpy(row.data(), stored.data() + kChecksum, row.size_bytes());
    return digits == checksum(image, company, std::as_bytes(row));  // of the copy: others may write
}

std::vector<float> FeatureCache::find(const Company& company) const {
    if (shape_.width == 0) return {};
    const auto images = company.images();
    const auto width = static_cast<std::size_t>(shape_.width);
    std::vector<float> rows(images.size() * width);
    for (std::size_t k = 0; k < images.size(); ++k) {
        if (!read(images[k], company, std::span(rows).subspan(k * width, width))) return {};
    }
    return rows;
}

void FeatureCache::keep(const Company& company, std::span<const float> rows) {
    const auto images = company.images();
    const auto width = static_cast<std::size_t>(shape_.width);
    require(rows.size() == images.size() * width, "every image of a company has its row");
    std::vector<std::byte> stored(row_size(shape_));
    for (std::size_t k = 0; k < images.size(); ++k) {
        const auto row = std::as_bytes(rows.subspan(k * width, width));
        const std::string digits = checksum(images[k], company, row);
        std::memcpy(stored.data(), digits.data(), kChecksum);
        std::memcpy(stored.data() + kChecksum, row.data(), row.size());
        file_.write_at(static_cast<std::int64_t>(place_of(images[k], shape_)), stored);
    }
}

}  // namespace promptcl::data

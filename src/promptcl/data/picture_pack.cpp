#include "promptcl/data/picture_pack.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <string>
#include <type_traits>
#include <utility>

namespace promptcl::data {
namespace {

constexpr std::size_t kDigits = 64;  // of a SHA-256

struct Header {
    std::array<char, kPackFormat.size() + 1> magic{};
    std::uint32_t side = 0;
    std::uint64_t count = 0;
};
static_assert(sizeof(Header) == 32 && std::is_trivially_copyable_v<Header>);
static_assert(sizeof(PackRecord) == 88 && std::is_trivially_copyable_v<PackRecord>);

template <class T>
std::span<const std::byte> bytes_of_object(const T& object) {
    return std::as_bytes(std::span(&object, 1));
}

Header header_of(PackShape shape) {
    Header header{.side = static_cast<std::uint32_t>(shape.side),
                  .count = static_cast<std::uint64_t>(shape.count)};
    *std::ranges::copy(kPackFormat, header.magic.begin()).out = '\n';
    return header;
}

Error damaged(const std::filesystem::path& path, std::string_view how) {
    return Error(fmt::format("the image cache {} {}", path.string(), how));
}

}  // namespace

PackWriter::PackWriter(PackShape shape, Sink sink)
    : sink_(std::move(sink)), records_(static_cast<std::size_t>(shape.count)) {
    write(bytes_of_object(header_of(shape)));
}

void PackWriter::write(std::span<const std::byte> bytes) {
    sink_(bytes);
    digest_.update(bytes);
    written_ += bytes.size();
}

void PackWriter::put(std::int64_t i, PackRecord record, std::span<const std::byte> bytes,
                     std::string_view sha256) {
    require(sha256.size() == kDigits, "the SHA-256 of a picture file is complete");
    record.offset = written_;
    record.length = bytes.size();
    std::ranges::copy(sha256, record.sha256.begin());
    records_.at(static_cast<std::size_t>(i)) = record;
    write(bytes);
}

void PackWriter::add(std::int64_t i, ImageView image, std::string_view sha256) {
    put(i,
        {.height = static_cast<std::uint32_t>(image.height),
         .width = static_cast<std::uint32_t>(image.width)},
        std::as_bytes(image.rgb), sha256);
}

void PackWriter::skip(std::int64_t i, std::string_view reason, std::string_view sha256) {
    put(i, {}, std::as_bytes(std::span(reason)), sha256);
}

void PackWriter::finish() {
    write(std::as_bytes(std::span(records_)));
    const std::string digits = digest_.hex();
    sink_(std::as_bytes(std::span(digits)));
}

PicturePack::PicturePack(const io::File& file, PackShape shape) : file_(file), count_(shape.count) {
    const auto bytes = file_.bytes();
    const auto index_size = static_cast<std::size_t>(count_) * sizeof(PackRecord);
    const auto header = header_of(shape);
    if (bytes.size() < sizeof header + index_size + kDigits)
        throw damaged(file.name(), "is cut off");
    if (!std::ranges::equal(bytes.first(sizeof header), bytes_of_object(header)))
        throw damaged(file.name(), "holds other images");
    index_ = bytes.last(index_size + kDigits).first(index_size);
    for (std::int64_t i = 0; i < count_; ++i) {
        const auto [offset, length, height, width, sha256] = record(i);
        const bool fits = offset <= bytes.size() && length <= bytes.size() - offset;
        const bool whole = height == 0 || length == std::uint64_t{height} * width * 3;
        if (!fits || !whole) throw damaged(file.name(), fmt::format("has a broken record {}", i));
    }
}

PackRecord PicturePack::record(std::int64_t i) const {
    require(i >= 0 && i < count_, "the number of a picture lies in its pack");
    PackRecord record;
    std::memcpy(&record, index_.data() + static_cast<std::size_t>(i) * sizeof record,
                sizeof record);
    return record;
}

std::span<const std::byte> PicturePack::bytes_of(const PackRecord& record) const {
    return file_.bytes().subspan(record.offset, record.length);
}

ImageView PicturePack::image(std::int64_t i) const {
    const PackRecord found = record(i);
    const auto bytes = bytes_of(found);
    return {static_cast<int>(found.height),
            static_cast<int>(found.width),
            {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}};
}

std::string_view PicturePack::skipped(std::int64_t i) const {
    const PackRecord found = record(i);
    if (found.height > 0) return {};
    const auto bytes = bytes_of(found);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string_view PicturePack::sha256(std::int64_t i) const {
    require(i >= 0 && i < count_, "the number of a picture lies in its pack");
    const auto* start = index_.data() + static_cast<std::size_t>(i) * sizeof(PackRecord) +
                        offsetof(PackRecord, sha256);
    return {reinterpret_cast<const char*>(start), kDigits};
}

void verify_pack(io::File file, OpenObserver& observer) {
    constexpr std::int64_t kChunk = 1 << 22, kMegabyte = 1'000'000;
    const std::int64_t size = file.size(), contents = size - static_cast<std::int64_t>(kDigits);
    std::vector<std::byte> chunk(static_cast<std::size_t>(kChunk));
    io::Sha256 digest;
    for (std::int64_t done = 0; done < contents;) {
        observer.progress("checking the image cache (MB)", done / kMegabyte, size / kMegabyte);
        const auto wanted = static_cast<std::size_t>(std::min(kChunk, contents - done));
        const auto count = file.read(std::span(chunk).first(wanted));
        if (count < wanted) throw damaged(file.name(), "is cut off");
        digest.update(std::span(chunk).first(count));
        done += static_cast<std::int64_t>(count);
    }
    std::string stored(kDigits, ' ');
    file.read(std::as_writable_bytes(std::span(stored)));
    if (stored != digest.hex()) throw damaged(file.name(), "is damaged");
}

}  // namespace promptcl::data

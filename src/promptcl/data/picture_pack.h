// Decoded pictures in one file that is mapped into memory (docs/formats.md, "Image cache").
#pragma once

#include "promptcl/data/image.h"
#include "promptcl/data/open_observer.h"
#include "promptcl/io/file.h"
#include "promptcl/io/mapped_file.h"
#include "promptcl/io/sha256.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace promptcl::data {

/// The first line of a pack.
inline constexpr std::string_view kPackFormat = "promptcl-pictures-1";

/// What every picture of a pack is squashed to, and how many there are.
struct PackShape {
    int side = 0;
    std::int64_t count = 0;
};

/// Where a pack holds a picture, or the reason why there is none.
struct PackRecord {
    std::uint64_t offset = 0, length = 0;  // bytes of the pixels, or of the reason
    std::uint32_t height = 0, width = 0;   // 0 for a picture that was skipped
    std::array<char, 64> sha256{};         // of the picture file, hexadecimal
};

/// Writes a pack from its start to its end: pictures in any order, each once, then finish().
class PackWriter {
  public:
    using Sink = std::function<void(std::span<const std::byte>)>;

    PackWriter(PackShape shape, Sink sink);
    void add(std::int64_t i, ImageView image, std::string_view sha256);
    void skip(std::int64_t i, std::string_view reason, std::string_view sha256);
    void finish();

  private:
    void write(std::span<const std::byte> bytes);
    void put(std::int64_t i, PackRecord record, std::span<const std::byte> bytes,
             std::string_view sha256);

    Sink sink_;
    io::Sha256 digest_;
    std::uint64_t written_ = 0;
    std::vector<PackRecord> records_;
};

/// A pack that can be looked at. Any number of threads may read.
class PicturePack {
  public:
    /// Maps a pack. Error naming the file when it is not one of this shape.
    PicturePack(const io::File& file, PackShape shape);

    ImageView image(std::int64_t i) const;
    /// Why the picture is missing; empty when it is there.
    std::string_view skipped(std::int64_t i) const;
    /// Of the picture file, 64 hexadecimal digits.
    std::string_view sha256(std::int64_t i) const;

  private:
    PackRecord record(std::int64_t i) const;
    std::span<const std::byte> bytes_of(const PackRecord& record) const;

    io::MappedFile file_;
    std::int64_t count_;
    std::span<const std::byte> index_;
};

/// Compares the SHA-256 at the end of a pack with its contents. Error naming the file when it is
/// damaged or cut off.
void verify_pack(io::File file, OpenObserver& observer);

}  // namespace promptcl::data

#include "promptcl/io/safetensors.h"

#include "promptcl/core/error.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/dtype.h"
#include "promptcl/io/file.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <functional>
#include <utility>

namespace promptcl::io {
namespace {

constexpr std::uint64_t kLongestHeader = 100'000'000;  // the limit of the reference reader
constexpr std::size_t kLengthField = 8;

Error broken(const std::filesystem::path& path, std::string_view what) {
    return Error(fmt::format("cannot read {}: {}", path.string(), what),
                 "copy or download the file again");
}

/// Leaves the file's position at the first byte of the data.
SafeTensorsLayout read_layout(File& file, const std::filesystem::path& path) {
    std::array<std::byte, kLengthField> field{};
    if (file.read(field) != field.size()) throw broken(path, "it is not a safetensors file");
    std::uint64_t length = 0;
    for (std::size_t i = field.size(); i-- > 0;) {
        length = length << 8 | std::to_integer<std::uint64_t>(field[i]);
    }
    if (length > kLongestHeader) throw broken(path, "it is not a safetensors file");
    const auto rest = file.size() - static_cast<std::int64_t>(kLengthField);
    if (std::cmp_greater(length, rest)) throw broken(path, "its header is truncated");
    std::string header(length, '\0');
    const auto count = file.read(std::as_writable_bytes(std::span(header)));
    if (count != length) throw broken(path, "its header is truncated");
    if (!header.starts_with('{')) throw broken(path, "it is not a safetensors file");
    return parse_safetensors_header(header, rest - static_cast<std::int64_t>(length),
                                    path.string());
}

/// Every array of `arrays` one behind the other, wide elements first.
SafeTensorsLayout lay_out(const SafeTensors& contents) {
    SafeTensorsLayout layout{{}, contents.metadata};
    for (const auto& [name, array] : contents.arrays) {
        expect_whole(array);
        layout.entries.push_back({name, {array.dtype, array.shape}, 0, 0});
    }
    std::ranges::stable_sort(layout.entries, std::greater(),
                             [](const auto& entry) { return dtype_named(entry.info.dtype).size; });
    std::int64_t end = 0;
    for (auto& entry : layout.entries) {
        entry.begin = end;
        end += static_cast<std::int64_t>(contents.arrays.at(entry.name).bytes.size());
        entry.end = end;
    }
    return layout;
}

}  // namespace

SafeTensors read_safetensors(const std::filesystem::path& path) {
    auto file = File::open_to_read(path);
    auto layout = read_layout(file, path);
    SafeTensors contents{{}, std::move(layout.metadata)};
    for (auto& entry : layout.entries) {
        std::vector<std::byte> bytes(static_cast<std::size_t>(entry.end - entry.begin));
        if (file.read(bytes) != bytes.size()) {
            throw broken(path, fmt::format("its array {} is truncated", entry.name));
        }
        contents.arrays[entry.name] = {entry.info.dtype, std::move(entry.info.shape),
                                       std::move(bytes)};
    }
    return contents;
}

SafeTensorsHeader read_safetensors_header(const std::filesystem::path& path) {
    auto file = File::open_to_read(path);
    auto layout = read_layout(file, path);
    SafeTensorsHeader header{{}, std::move(layout.metadata)};
    for (auto& entry : layout.entries)
        header.arrays[entry.name] = std::move(entry.info);
    return header;
}

void format_safetensors(const SafeTensors& contents,
                        const std::function<void(std::span<const std::byte>)>& take) {
    const auto layout = lay_out(contents);
    const std::string header = format_safetensors_header(layout);
    take(std::as_bytes(std::span(header)));
    for (const auto& entry : layout.entries)
        take(contents.arrays.at(entry.name).bytes);
}

void write_safetensors(const std::filesystem::path& path, const SafeTensors& contents) {
    AtomicFile file(path);
    format_safetensors(contents, [&](std::span<const std::byte> bytes) { file.write(bytes); });
    file.commit();
}

}  // namespace promptcl::io

#include "promptcl/io/npy_header.h"

#include "promptcl/core/error.h"
#include "promptcl/io/dtype.h"

#include <charconv>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
#include <string_view>
#include <utility>

namespace promptcl::io {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kLongestHeader = std::size_t{1} << 20;
constexpr std::size_t kAlignment = 64;

/// Reads the Python literal of a header: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}.
class LiteralReader {
  public:
    LiteralReader(std::string_view text, const std::string& name) : rest_(text), name_(name) {}

    NpyHeader header() {
        NpyHeader header;
        std::set<std::string_view> seen;
        expect('{');
        while (!skip('}')) {
            const auto key = string();
            expect(':');
            if (!seen.insert(key).second) fail();
            if (key == "descr") {
                read_descr(header);
            } else if (key == "fortran_order") {
                header.fortran_order = boolean();
            } else if (key == "shape") {
                header.info.shape = shape();
            } else {
                fail();
            }
            if (!skip(',') && peek() != '}') fail();
        }
        if (seen.size() != 3 || peek() != '\0') fail();
        return header;
    }

  private:
    [[noreturn]] void fail() const {
        throw Error(fmt::format("cannot read {}: its .npy header is broken", name_),
                    "copy or download the file again");
    }

    /// The next character that is no space; '\0' at the end.
    char peek() {
        const auto start = rest_.find_first_not_of(" \n\t"sv);
        rest_.remove_prefix(start == std::string_view::npos ? rest_.size() : start);
        return rest_.empty() ? '\0' : rest_.front();
    }

    bool skip(char wanted) {
        if (peek() != wanted || rest_.empty()) return false;
        rest_.remove_prefix(1);
        return true;
    }

    void expect(char wanted) {
        if (!skip(wanted)) fail();
    }

    std::string_view string() {
        const char quote = peek();
        if (quote != '\'' && quote != '"') fail();
        const auto end = rest_.find(quote, 1);
        if (end == std::string_view::npos) fail();
        const auto text = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        return text;
    }

    bool boolean() {
        peek();
        for (const auto& [word, value] : {std::pair{"True"sv, true}, std::pair{"False"sv, false}}) {
            if (!rest_.starts_with(word)) continue;
            rest_.remove_prefix(word.size());
            return value;
        }
        fail();
    }

    Shape shape() {
        Shape extents;
        expect('(');
        while (!skip(')')) {
            extents.push_back(extent());
            if (!skip(',') && peek() != ')') fail();
        }
        return extents;
    }

    std::int64_t extent() {
        peek();
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc() || value < 0) fail();
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        if (rest_.starts_with('L')) rest_.remove_prefix(1);  // a long of Python 2
        return value;
    }

    void read_descr(NpyHeader& header) {
        const auto descr = peek() == '[' ? "of several fields"sv : string();
        const DType* dtype = find_npy_dtype(descr.substr(descr.empty() ? 0 : 1));
        const bool known_order = descr.starts_with('<') || descr.starts_with('>') ||
                                 (descr.starts_with('|') && dtype != nullptr && dtype->size == 1);
        if (dtype == nullptr || !known_order) {
            throw Error(
                fmt::format("cannot read {}: its element type ({}) is not known", name_, descr),
                "save it as float32, float16, float64 or an integer type");
        }
        header.info.dtype = dtype->name;
        header.big_endian = descr.front() == '>';
    }

    std::string_view rest_;
    const std::string& name_;
};

std::string_view as_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::size_t length_field(int version) {
    return version == 1 ? 2 : 4;
}

}  // namespace

std::optional<std::size_t> npy_header_size(std::span<const std::byte> preamble) {
    if (preamble.size() < kNpyPreamble || !as_text(preamble).starts_with(kMagic)) return {};
    const int version = std::to_integer<int>(preamble[kMagic.size()]);
    if (version < 1 || version > 3) return {};
    const std::size_t start = kMagic.size() + 2;
    std::size_t length = 0;
    for (std::size_t i = length_field(version); i > 0; --i) {
        length = length << 8 | std::to_integer<std::size_t>(preamble[start + i - 1]);
    }
    const std::size_t size = start + length_field(version) + length;
    if (length > kLongestHeader || size < kNpyPreamble) return {};
    return size;
}

NpyHeader parse_npy_header(std::span<const std::byte> header, const std::string& name) {
    require(header.size() >= kNpyPreamble, "a .npy header has at least its preamble");
    const int version = std::to_integer<int>(header[kMagic.size()]);
    auto parsed =
        LiteralReader(as_text(header).substr(kMagic.size() + 2 + length_field(version)), name)
            .header();
    if (!byte_count(parsed.info.shape, dtype_named(parsed.info.dtype).size)) {
        throw Error(fmt::format("cannot read {}: its shape {} is too large", name,
                                to_string(parsed.info.shape)),
                    "copy or download the file again");
    }
    return parsed;
}

std::string format_npy_header(const ArrayInfo& info) {
    const DType& dtype = dtype_named(info.dtype);
    if (dtype.npy.empty()) {
        throw Error(fmt::format("a .npy file cannot hold {}", info.dtype), "convert it to float32");
    }
    const auto extents =
        fmt::format("{}{}", fmt::join(info.shape, ", "), info.shape.size() == 1 ? "," : "");
    auto literal = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': ({}), }}",
                               dtype.size == 1 ? '|' : '<', dtype.npy, extents);
    const std::size_t start = kMagic.size() + 2 + length_field(1);
    literal.append(kAlignment - (start + literal.size() + 1) % kAlignment, ' ');
    literal += '\n';
    require(literal.size() <= 0xffff, "an Array has few dimensions");
    std::string header(kMagic);
    header += {'\x01', '\x00', static_cast<char>(literal.size() & 0xff),
               static_cast<char>(literal.size() >> 8)};
    return header + literal;
}

}  // namespace promptcl::io

#include "tests/io/pickle_bytes.h"

namespace promptcl::io {
namespace {

std::string little_endian(std::int64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i)
        text += static_cast<char>(value >> (8 * i) & 0xff);
    return text;
}

}  // namespace

std::string pickled_dict(const std::vector<std::pair<std::string, std::string>>& items) {
    std::string pickle = "\x80\x02}q\x01(";
    for (const auto& [key, value] : items)
        pickle += pickled_string(key) + value;
    return pickle + "u.";
}

std::string pickled_string(const std::string& text) {
    if (text.size() < 256) return "U" + little_endian(std::ssize(text), 1) + text;
    return "T" + little_endian(std::ssize(text), 4) + text;
}

std::string pickled_int(std::int64_t value) {
    if (value >= 0 && value < 256) return "K" + little_endian(value, 1);
    if (value >= 0 && value < 65536) return "M" + little_endian(value, 2);
    return "J" + little_endian(value, 4);
}

std::string pickled_ints(const std::vector<std::int64_t>& values) {
    std::string pickle = "](";
    for (const auto value : values)
        pickle += pickled_int(value);
    return pickle + "e";
}

std::string pickled_strings(const std::vector<std::string>& texts) {
    std::string pickle = "](";
    for (const auto& text : texts)
        pickle += pickled_string(text);
    return pickle + "e";
}

std::string pickled_array(int rows, int columns, const std::string& elements,
                          const std::string& dtype, bool column_major) {
    return "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n" + pickled_int(0) + "\x85" +
           pickled_string("b") + "\x87R(" + pickled_int(1) + pickled_int(rows) +
           pickled_int(columns) + "\x86" + "cnumpy\ndtype\n" + pickled_string(dtype) +
           pickled_int(0) + pickled_int(1) + "\x87R(" + pickled_int(3) + pickled_string("|") +
           "NNN" + pickled_int(-1) + pickled_int(-1) + pickled_int(0) + "tb" +
           (column_major ? "\x88" : "\x89") + pickled_string(elements) + "tb";
}

}  // namespace promptcl::io

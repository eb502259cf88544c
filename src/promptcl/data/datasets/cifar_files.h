// The files that CIFAR-10 and CIFAR-100 are distributed as.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl::data {

constexpr int kCifarSide = 32;

/// Images of 32 x 32 pixels and their labels, as many as a file holds.
struct CifarImages {
    std::vector<std::uint8_t> pixels;  // one image after the other, HWC
    std::vector<std::int64_t> labels;
};

/// Records of `labels` bytes, of which the last is the class, then 1024 bytes each of red, green
/// and blue. Error naming `file` when it is empty or ends within a record.
CifarImages read_cifar_records(std::string_view contents, int labels, const std::string& file);

/// A pickled dictionary: "data" holds 3072 bytes a row, in the same order, and `label_key` the
/// classes. Error naming `file` when it holds something else.
CifarImages read_cifar_pickle(std::string_view contents, std::string_view label_key,
                              const std::string& file);

/// The lines of a text file that are not empty.
std::vector<std::string> read_cifar_names(std::string_view contents);

/// The strings under `key` of a pickled dictionary. Error naming `file` when there are none.
std::vector<std::string> read_cifar_names_pickle(std::string_view contents, std::string_view key,
                                                 const std::string& file);

}  // namespace promptcl::data

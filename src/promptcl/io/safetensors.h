// Named arrays with metadata in Hugging Face's safetensors format:
// https://github.com/huggingface/safetensors#format
#pragma once

#include "promptcl/io/array.h"
#include "promptcl/io/safetensors_header.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>

namespace promptcl::io {

struct SafeTensors {
    ArrayMap arrays;
    Metadata metadata;
};

struct SafeTensorsHeader {
    ArrayInfoMap arrays;
    Metadata metadata;
};

/// Error, naming the file and what is wrong with it, for anything but a whole and valid file.
SafeTensors read_safetensors(const std::filesystem::path& path);

/// The same without reading the data; their length is still checked.
SafeTensorsHeader read_safetensors_header(const std::filesystem::path& path);

/// The bytes of the file, piece by piece. Wide elements come first, so that every array is aligned,
/// then the order of names: the same contents give the same bytes.
void format_safetensors(const SafeTensors& contents,
                        const std::function<void(std::span<const std::byte>)>& take);

/// The same as a file, atomically (io/atomic_file.h).
void write_safetensors(const std::filesystem::path& path, const SafeTensors& contents);

}  // namespace promptcl::io

#include "promptcl/data/datasets/cifar100.h"

#include "promptcl/core/error.h"
#include "promptcl/data/memory_dataset.h"
#include "promptcl/io/file.h"
#include "promptcl/io/sha256.h"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <string_view>
#include <utility>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;

constexpr int kSide = 32;
constexpr std::size_t kPlane = std::size_t{kSide} * kSide;
constexpr std::size_t kImage = 3 * kPlane;
constexpr std::size_t kRecord = 2 + kImage;
constexpr int kClasses = 100;
constexpr std::string_view kHint = "take it from cifar-100-binary.tar.gz again";

fs::path find_folder(const std::string& data_dir) {
    if (data_dir.empty()) {
        throw UsageError("data_dir is not set",
                         "give the folder that holds train.bin and test.bin of CIFAR-100");
    }
    const fs::path folder = data_dir;
    std::error_code ignored;
    for (const fs::path& candidate : {folder, folder / "cifar-100-binary"}) {
        if (fs::exists(candidate / "train.bin", ignored)) return candidate;
    }
    throw Error(fmt::format("no file {}", (folder / "train.bin").string()),
                "set data_dir to the unpacked cifar-100-binary folder");
}

/// Planes of red, green and blue as interleaved pixels.
void interleave(const char* planes, std::uint8_t* rgb) {
    for (std::size_t pixel = 0; pixel < kPlane; ++pixel) {
        for (std::size_t c = 0; c < 3; ++c) {
            rgb[3 * pixel + c] = static_cast<std::uint8_t>(planes[c * kPlane + pixel]);
        }
    }
}

std::unique_ptr<Dataset> read_split(const fs::path& path, io::Sha256& digest) {
    const std::string bytes = io::read_file(path);
    if (bytes.empty()) throw Error(fmt::format("{} is empty", path.string()), kHint);
    if (bytes.size() % kRecord != 0) {
        throw Error(fmt::format("{} has {} bytes, not a multiple of the {} of a record: it is cut "
                                "off or not CIFAR-100",
                                path.string(), bytes.size(), kRecord),
                    kHint);
    }
    digest.update(std::as_bytes(std::span(bytes)));
    const std::size_t count = bytes.size() / kRecord;
    std::vector<std::uint8_t> pixels(count * kImage);
    std::vector<std::int64_t> labels(count);
    for (std::size_t i = 0; i < count; ++i) {
        const char* record = bytes.data() + i * kRecord;
        labels[i] = static_cast<unsigned char>(record[1]);
        if (labels[i] >= kClasses) {
            throw Error(
                fmt::format("record {} of {} has the fine label {}, but classes are 0 to {}", i,
                            path.string(), labels[i], kClasses - 1),
                kHint);
        }
        interleave(record + 2, pixels.data() + i * kImage);
    }
    return std::make_unique<MemoryDataset>(
        kSide, kSide, std::move(pixels), std::move(labels),
        std::vector{RecordFile{path.filename().string(), static_cast<std::int64_t>(count)}});
}

std::vector<std::string> read_class_names(const fs::path& path) {
    std::vector<std::string> names;
    if (std::ifstream file(path); file) {
        for (std::string line; std::getline(file, line);) {
            if (line.ends_with('\r')) line.pop_back();
            if (!line.empty()) names.push_back(line);
        }
        if (names.size() != kClasses) {
            throw Error(fmt::format("{} names {} classes instead of {}", path.string(),
                                    names.size(), kClasses),
                        "repair the file or remove it");
        }
    }
    for (std::size_t label = names.size(); label < kClasses; ++label)
        names.push_back(fmt::format("class_{}", label));
    return names;
}

}  // namespace

DataSource open_cifar100(const config::Config& config) {
    const fs::path folder = find_folder(config.data_dir);
    io::Sha256 digest;
    DataSource source;
    source.train = read_split(folder / "train.bin", digest);
    source.test = read_split(folder / "test.bin", digest);
    source.class_names = read_class_names(folder / "fine_label_names.txt");
    source.sha256 = digest.hex();
    return source;
}

}  // namespace promptcl::data

#include "promptcl/data/datasets/svhn.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_folder.h"
#include "promptcl/data/memory_dataset.h"
#include "promptcl/io/mat_file.h"

#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

namespace promptcl::data {
namespace {

constexpr int kSide = 32;
constexpr std::size_t kPlane = std::size_t{kSide} * kSide;
constexpr std::size_t kImage = 3 * kPlane;
constexpr std::int64_t kClasses = 10;

/// One image, column after column of red, then of green and blue, as interleaved rows.
void transpose(const std::byte* columns, std::uint8_t* rgb) {
    for (std::size_t i = 0; i < kImage; ++i) {
        const std::size_t c = i / kPlane, x = i % kPlane / kSide, y = i % kSide;
        rgb[3 * (kSide * y + x) + c] = static_cast<std::uint8_t>(columns[i]);
    }
}

std::vector<std::int64_t> digits(const io::Array& y, const std::string& file) {
    std::vector<std::int64_t> labels;
    for (const double value : y.as_double()) {
        if (!(value >= 1 && value <= kClasses) || value != std::floor(value)) {
            throw Error(fmt::format("record {} of {} has the label {}, but labels are 1 to {}",
                                    labels.size(), file, value, kClasses),
                        "copy or download the file again");
        }
        labels.push_back(static_cast<std::int64_t>(value) % kClasses);
    }
    return labels;
}

std::unique_ptr<MemoryDataset> read_split(const std::filesystem::path& path) {
    io::MatFile file(path);
    const auto x = file.read("X"), y = file.read("y");
    const io::Shape wanted = {y.size(), 3, kSide, kSide};
    if (x.dtype != "uint8" || x.shape != wanted || y.size() == 0) {
        throw Error(fmt::format("{} holds {} labels and X of {} {} in the opposite order, not of "
                                "uint8 {}",
                                path.string(), y.size(), x.dtype, io::to_string(x.shape),
                                io::to_string(wanted)),
                    "take the file of cropped digits (format 2)");
    }
    std::vector<std::uint8_t> pixels(x.bytes.size());
    for (std::size_t at = 0; at < pixels.size(); at += kImage)
        transpose(x.bytes.data() + at, pixels.data() + at);
    return std::make_unique<MemoryDataset>(
        kSide, kSide, std::move(pixels), digits(y, path.string()),
        std::vector{RecordFile{path.filename().string(), y.size()}});
}

}  // namespace

DataSource open_svhn_cropped(const config::Config& config) {
    const auto folder =
        data_folder(config, "give the folder of train_32x32.mat and test_32x32.mat");
    auto train = read_split(folder / "train_32x32.mat");
    return memory_source(std::move(train), read_split(folder / "test_32x32.mat"),
                         {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
}

}  // namespace promptcl::data

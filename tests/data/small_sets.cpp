#include "tests/data/small_sets.h"

#include "tests/io/idx_bytes.h"
#include "tests/io/mat_bytes.h"
#include "tests/io/pickle_bytes.h"
#include "tests/io/tar_bytes.h"

#include <cstdint>
#include <vector>

namespace promptcl::data {
namespace {

constexpr int kStep = 20;
constexpr int kColourBytes = 3 * 32 * 32, kGreyBytes = 28 * 28;

/// Labels 0, 1, ..., classes - 1, 0, 1, ... and the pixels that belong to them.
struct Split {
    Split(int per_class, std::size_t bytes_per_image, int classes = 10) {
        for (int i = 0; i < per_class * classes; ++i) {
            labels.push_back(i % classes);
            pixels.append(bytes_per_image, static_cast<char>(kStep * labels.back()));
        }
    }
    std::int32_t size() const { return static_cast<std::int32_t>(labels.size()); }

    std::vector<std::int64_t> labels;
    std::string pixels;
};

std::string cifar_batch(int per_class) {
    const Split split(per_class, kColourBytes);
    return io::pickled_dict(
        {{"labels", io::pickled_ints(split.labels)},
         {"data", io::pickled_array(split.size(), kColourBytes, split.pixels)}});
}

}  // namespace

void write_cifar10(const TemporaryFolder& root, const std::string& folder, ImagesPerClass images) {
    const std::string inside = "cifar-10-batches-py/";
    const std::vector<std::string> names = {"airplane", "automobile", "bird",  "cat",  "deer",
                                            "dog",      "frog",       "horse", "ship", "truck"};
    std::vector<io::TarEntry> entries = {
        {inside + "batches.meta", io::pickled_dict({{"label_names", io::pickled_strings(names)}})},
        {inside + "test_batch", cifar_batch(images.test)}};
    for (int batch = 1; batch <= 5; ++batch) {  // the training images as evenly as they divide
        const int here = images.train / 5 + (batch <= images.train % 5 ? 1 : 0);
        entries.push_back({inside + "data_batch_" + std::to_string(batch), cifar_batch(here)});
    }
    root.write(folder + "/cifar-10-python.tar.gz", io::gzip_bytes(io::tar_bytes(entries)));
}

void write_cifar100(const TemporaryFolder& root, const std::string& folder, ImagesPerClass images) {
    const auto write = [&](const std::string& name, int per_class) {
        const Split split(per_class, kColourBytes, 100);
        std::string records;
        for (std::size_t i = 0; i < split.labels.size(); ++i) {
            records += '\0';  // the coarse label
            records += static_cast<char>(split.labels[i]);
            records += split.pixels.substr(i * kColourBytes, kColourBytes);
        }
        root.write(folder + "/cifar-100-binary/" + name, records);
    };
    write("train.bin", images.train);
    write("test.bin", images.test);
}

void write_mnist(const TemporaryFolder& root, const std::string& folder, ImagesPerClass images) {
    const auto write = [&](const std::string& prefix, int per_class) {
        const Split split(per_class, kGreyBytes);
        const auto count = static_cast<std::uint32_t>(split.size());
        const std::string labels(split.labels.begin(), split.labels.end());
        root.write(folder + "/" + prefix + "-images-idx3-ubyte.gz",
                   io::gzip_bytes(io::idx_bytes({count, 28, 28}, split.pixels)));
        root.write(folder + "/" + prefix + "-labels-idx1-ubyte.gz",
                   io::gzip_bytes(io::idx_bytes({count}, labels)));
    };
    write("train", images.train);
    write("t10k", images.test);
}

void write_svhn(const TemporaryFolder& root, const std::string& folder, ImagesPerClass images) {
    const auto write = [&](const std::string& name, int per_class) {
        const Split split(per_class, kColourBytes);
        std::string labels;
        for (const auto digit : split.labels)
            labels += static_cast<char>(digit == 0 ? 10 : digit);
        const auto x = io::mat_bytes_variable("X", {32, 32, 3, split.size()}, split.pixels);
        const auto y = io::mat_bytes_variable("y", {split.size(), 1}, labels);
        root.write(folder + "/" + name,
                   io::mat_file({io::mat_compressed(x), io::mat_compressed(y)}));
    };
    write("train_32x32.mat", images.train);
    write("test_32x32.mat", images.test);
}

}  // namespace promptcl::data

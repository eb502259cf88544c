#include "tests/data/small_sets.h"

#include "tests/data/picture_files.h"
#include "tests/io/idx_bytes.h"
#include "tests/io/mat_bytes.h"
#include "tests/io/pickle_bytes.h"
#include "tests/io/tar_bytes.h"

#include <cstdint>
#include <fmt/format.h>
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

std::uint8_t colour(int label) {
    return static_cast<std::uint8_t>(kStep * label);
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

void write_not_mnist(const TemporaryFolder& root, const std::string& folder,
                     ImagesPerClass images) {
    std::vector<io::TarEntry> entries;
    for (int label = 0; label < 10; ++label) {
        const std::vector rows(28, std::vector<std::uint8_t>(28, colour(label)));
        for (int i = 0; i < images.train + images.test; ++i) {
            entries.push_back({fmt::format("notMNIST_small/{}/{}.png", "ABCDEFGHIJ"[label], i),
                               png_of(PngKind::kGrey, 28, rows)});
        }
    }
    root.write(folder + "/notMNIST_small.tar.gz", io::gzip_bytes(io::tar_bytes(entries)));
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

void write_core50(const TemporaryFolder& root, const std::string& folder) {
    for (int session = 1; session <= 11; ++session) {
        for (int object = 1; object <= 50; ++object) {
            const auto value = colour(object - 1);
            root.write(fmt::format("{}/core50_128x128/s{}/o{}/C_{:02}_{:02}_000.png", folder,
                                   session, object, session, object),
                       flat_png(128, 128, value, value, value));
        }
    }
}

void write_imagenet_r(const TemporaryFolder& root, const std::string& folder,
                      ImagesPerClass images) {
    for (int label = 0; label < 200; ++label) {
        const std::string picture =
            flat_jpeg(JpegKind::kRgb, 40, 50, std::vector<std::uint8_t>(3, colour(label)));
        for (int i = 0; i < images.train + images.test; ++i) {
            root.write(fmt::format("{}/imagenet-r/n{:08}/art_{}.jpg", folder, label, i), picture);
        }
    }
}

void write_image_folder(const TemporaryFolder& root, const std::string& folder, int classes) {
    for (int label = 0; label < classes; ++label) {
        for (int i = 0; i < 15; ++i) {
            root.write(fmt::format("{}/class_{}/{}.png", folder, label, i),
                       flat_png(20, 30, colour(label), 0, 0));
        }
    }
}

}  // namespace promptcl::data

#include "promptcl/data/datasets/mnist.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_folder.h"
#include "promptcl/data/memory_dataset.h"
#include "promptcl/io/gzip_file.h"
#include "promptcl/io/idx.h"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <utility>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRawNotMnist = "notMNIST/raw";
constexpr std::string_view kHint = "copy or download the file again";

/// `name` in `folder`, in any of the spellings in which it is passed on.
std::optional<fs::path> spelled(const fs::path& folder, std::string name) {
    std::error_code ignored;
    for (const char separator : {'-', '.'}) {
        name[name.rfind("idx") - 1] = separator;
        for (const std::string_view suffix : {"", ".gz"}) {
            fs::path path = folder / (name + std::string(suffix));
            if (fs::is_regular_file(path, ignored)) return path;
        }
    }
    return std::nullopt;
}

class Folder {
  public:
    /// `sub_folder` is where torchvision keeps the files.
    Folder(fs::path data_dir, const fs::path& sub_folder) : folder_(std::move(data_dir)) {
        for (const auto& folder :
             {folder_, folder_ / sub_folder.filename(), folder_ / sub_folder}) {
            is_there_ = spelled(folder, "train-images-idx3-ubyte").has_value();
            if (!is_there_) continue;
            folder_ = folder;
            break;
        }
    }

    bool is_there() const { return is_there_; }

    std::unique_ptr<MemoryDataset> split(const std::string& prefix, std::int64_t classes) const {
        const std::string name = prefix + "-images-idx3-ubyte";
        const auto [images, images_file] = read(name, 3);
        const auto [labels, labels_file] = read(prefix + "-labels-idx1-ubyte", 1);
        if (images.size() == 0) throw Error(fmt::format("{} holds no image", images_file), kHint);
        if (images.shape[0] != labels.shape[0]) {
            throw Error(fmt::format("{} is of shape {}, but {} holds {} labels", images_file,
                                    io::to_string(images.shape), labels_file, labels.shape[0]),
                        kHint);
        }
        const auto numbers = labels.as_int();
        check_labels(numbers, classes, labels_file);
        std::vector<std::uint8_t> rgb;
        rgb.reserve(3 * images.bytes.size());
        for (const auto grey : images.bytes)
            rgb.insert(rgb.end(), 3, static_cast<std::uint8_t>(grey));
        return std::make_unique<MemoryDataset>(
            static_cast<int>(images.shape[1]), static_cast<int>(images.shape[2]), std::move(rgb),
            numbers, std::vector{RecordFile{name, images.shape[0]}});
    }

  private:
    /// The array of a file and the file's path.
    std::pair<io::Array, std::string> read(const std::string& name, std::size_t dimensions) const {
        const auto path = spelled(folder_, name);
        if (!path) {
            throw Error(fmt::format("no file {} or {}.gz", (folder_ / name).string(), name),
                        "put it there and set data_dir to its folder");
        }
        auto array = io::read_idx(io::read_gzip_file(*path), path->string());
        if (array.shape.size() != dimensions) {
            throw Error(fmt::format("{} has {} dimensions instead of {}", path->string(),
                                    array.shape.size(), dimensions),
                        kHint);
        }
        return {std::move(array), path->string()};
    }

    fs::path folder_;
    bool is_there_ = false;
};

DataSource open(const config::Config& config, std::string_view title, const fs::path& sub_folder,
                const std::array<const char*, 10>& class_names) {
    const Folder folder(data_folder(config, fmt::format("give the folder of {}", title)),
                        sub_folder);
    const auto classes = std::ssize(class_names);
    auto train = folder.split("train", classes);
    return memory_source(std::move(train), folder.split("t10k", classes),
                         {class_names.begin(), class_names.end()});
}

}  // namespace

DataSource open_mnist(const config::Config& config) {
    return open(config, "MNIST", "MNIST/raw", {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
}

DataSource open_fashion_mnist(const config::Config& config) {
    return open(config, "Fashion-MNIST", "FashionMNIST/raw",
                {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
                 "Sneaker", "Bag", "Ankle boot"});
}

DataSource open_kmnist(const config::Config& config) {
    return open(config, "KMNIST", "KMNIST/raw",
                {"o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"});
}

DataSource open_not_mnist_idx(const config::Config& config) {
    return open(config, "notMNIST in IDX form", kRawNotMnist,
                {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J"});
}

bool has_not_mnist_idx(const fs::path& folder) {
    return Folder(folder, kRawNotMnist).is_there();
}

}  // namespace promptcl::data

#include "tests/data/drawn_folders.h"

#include "promptcl/data/datasets/synthetic.h"

#include "tests/data/picture_files.h"

#include <fstream>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;

/// The picture as a PNG file.
std::string png_of(const ImageView& image) {
    std::vector<std::vector<std::uint8_t>> rows;
    for (int y = 0; y < image.height; ++y)
        rows.emplace_back(image.row(y), image.row(y) + 3 * image.width);
    return png_of(PngKind::kRgb, image.width, rows);
}

void write(const fs::path& folder, const DataSource& drawn, const Dataset& pictures,
           std::int64_t first, std::int64_t last) {
    constexpr std::int64_t kFirstName = 1000;  // names in the order of the pictures
    for (std::int64_t i = 0; i < pictures.size(); ++i) {
        const std::int64_t label = pictures.label(i);
        if (label < first || label >= last) continue;
        const fs::path of_class = folder / drawn.class_names[static_cast<std::size_t>(label)];
        fs::create_directories(of_class);
        std::ofstream(of_class / (std::to_string(kFirstName + i) + ".png"), std::ios::binary)
            << png_of(pictures.image(i));
    }
}

}  // namespace

DrawnFolders::DrawnFolders(std::int64_t train_per_class, std::int64_t test_per_class) {
    config::Config config;
    config.synthetic.train_per_class = train_per_class;
    config.synthetic.test_per_class = test_per_class;
    drawn_ = open_synthetic(config);
}

void DrawnFolders::write_train(const fs::path& folder, std::int64_t first,
                               std::int64_t last) const {
    write(folder, drawn_, *drawn_.train, first, last);
}

void DrawnFolders::write_test(const fs::path& folder, std::int64_t first, std::int64_t last) const {
    write(folder, drawn_, *drawn_.test, first, last);
}

}  // namespace promptcl::data

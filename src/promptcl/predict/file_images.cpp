#include "promptcl/predict/file_images.h"

#include "promptcl/core/cpus.h"
#include "promptcl/core/error.h"
#include "promptcl/data/image_file.h"

#include <algorithm>

namespace promptcl::predict {

ImageLoader::ImageLoader(const config::Config& config, int threads)
    : transform_(config.images), workers_(threads > 0 ? threads : usable_cpus()) {}

LoadedImages ImageLoader::load(std::span<const std::filesystem::path> files) {
    const auto size = static_cast<std::size_t>(transform_.output_size());
    LoadedImages result{.pixels = std::vector<float>(files.size() * size),
                        .places = {},
                        .problems = std::vector<std::string>(files.size())};
    workers_.run(std::ssize(files), [&](int, std::int64_t item) {
        const auto i = static_cast<std::size_t>(item);
        try {
            transform_.evaluate(data::read_image(files[i], transform_.jpeg_dct()).view(),
                                std::span(result.pixels).subspan(i * size, size));
        } catch (const Error& error) {
            result.problems[i] = error.what();
        }
    });
    auto to = result.pixels.begin();
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (!result.problems[i].empty()) continue;
        const auto from = result.pixels.begin() + static_cast<std::ptrdiff_t>(i * size);
        if (from != to) std::copy_n(from, size, to);
        to += static_cast<std::ptrdiff_t>(size);
        result.places.push_back(i);
    }
    result.pixels.erase(to, result.pixels.end());
    return result;
}

}  // namespace promptcl::predict

#include "promptcl/data/thumbnail.h"

#include <algorithm>
#include <cmath>

namespace promptcl::data {
namespace {

/// Pixels first .. first + weights.size() of a row or column, with the share of each in one pixel
/// of the smaller image.
struct Cover {
    int first = 0;
    std::vector<double> weights;  // sum 1
};

std::vector<Cover> covers_of(int from, int to) {
    const double scale = static_cast<double>(from) / to;
    std::vector<Cover> covers(static_cast<std::size_t>(to));
    for (int i = 0; i < to; ++i) {
        const double begin = i * scale, end = std::min<double>(begin + scale, from);
        Cover& cover = covers[static_cast<std::size_t>(i)];
        cover.first = static_cast<int>(begin);
        for (int at = cover.first; at < end; ++at) {
            const double part = std::min<double>(at + 1, end) - std::max<double>(at, begin);
            cover.weights.push_back(part / (end - begin));
        }
    }
    return covers;
}

int shrunk(int side, int longer, int longest) {
    return std::max(1, static_cast<int>(std::lround(1.0 * side * longest / longer)));
}

std::uint8_t mean(ImageView image, const Cover& rows, const Cover& columns, std::size_t channel) {
    double sum = 0;
    for (std::size_t y = 0; y < rows.weights.size(); ++y) {
        const std::uint8_t* row = image.row(rows.first + static_cast<int>(y));
        const auto first = static_cast<std::size_t>(columns.first);
        for (std::size_t x = 0; x < columns.weights.size(); ++x)
            sum += rows.weights[y] * columns.weights[x] * row[(first + x) * 3 + channel];
    }
    return static_cast<std::uint8_t>(std::lround(std::min(sum, 255.0)));
}

}  // namespace

Image thumbnail(ImageView image, int longest) {
    const int longer = std::max(image.height, image.width);
    if (longer <= longest) return {image.height, image.width, {image.rgb.begin(), image.rgb.end()}};
    Image small{shrunk(image.height, longer, longest), shrunk(image.width, longer, longest), {}};
    const auto rows = covers_of(image.height, small.height),
               columns = covers_of(image.width, small.width);
    for (const Cover& row : rows) {
        for (const Cover& column : columns) {
            for (std::size_t channel = 0; channel < 3; ++channel)
                small.rgb.push_back(mean(image, row, column, channel));
        }
    }
    return small;
}

}  // namespace promptcl::data

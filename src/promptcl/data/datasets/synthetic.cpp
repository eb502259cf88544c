#include "promptcl/data/datasets/synthetic.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"
#include "promptcl/data/datasets/drawing.h"
#include "promptcl/data/datasets/shapes.h"
#include "promptcl/data/memory_dataset.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <memory>
#include <string_view>
#include <utility>

namespace promptcl::data {
namespace {

constexpr std::array<std::string_view, 8> kHues = {"red",       "yellow", "green",  "mint",
                                                   "turquoise", "blue",   "violet", "pink"};

struct DrawnClass {
    const Shape* shape;
    const Fill* fill;
    std::size_t hue;  // of kHues, evenly around the circle

    std::string name() const {
        return fmt::format("{} {} {}", kHues[hue], fill->name, shape->name);
    }
};

std::vector<DrawnClass> classes_of(const std::string& part) {
    if (part != "stream" && part != "pretrain") {
        throw UsageError(fmt::format("synthetic.part is \"{}\"", part),
                         "choose stream or pretrain");
    }
    const std::size_t wanted = part == "stream" ? 0 : 1;
    std::vector<DrawnClass> classes;
    for (std::size_t fill = 0; fill < kFills; ++fill) {
        for (std::size_t shape = 0; shape < kShapes; ++shape) {
            if ((shape + fill) % 2 != wanted) continue;
            classes.push_back(
                {&shapes()[shape], &fills()[fill], (2 * fill + shape) % kHues.size()});
        }
    }
    return classes;
}

void check_count(std::string_view key, std::int64_t count) {
    if (count < 1)
        throw UsageError(fmt::format("synthetic.{} is {}", key, count),
                         "give a number of at least 1");
}

std::unique_ptr<MemoryDataset> draw_split(const std::vector<DrawnClass>& classes,
                                          std::int64_t per_class, const Rng& rng) {
    std::vector<std::uint8_t> pixels;
    pixels.reserve(classes.size() * static_cast<std::size_t>(per_class) * kDrawingSize *
                   kDrawingSize * 3);
    std::vector<std::int64_t> labels;
    for (std::size_t label = 0; label < classes.size(); ++label) {
        const Rng class_rng = rng.fork(classes[label].name());
        for (std::int64_t i = 0; i < per_class; ++i) {
            const auto& [shape, fill, hue] = classes[label];
            const Image image = draw(*shape, *fill, static_cast<double>(hue) / kHues.size(),
                                     class_rng.fork("picture", i));
            pixels.insert(pixels.end(), image.rgb.begin(), image.rgb.end());
            labels.push_back(static_cast<std::int64_t>(label));
        }
    }
    const auto images = std::ssize(labels);
    return std::make_unique<MemoryDataset>(kDrawingSize, kDrawingSize, std::move(pixels),
                                           std::move(labels),
                                           std::vector{RecordFile{"drawn", images}});
}

}  // namespace

std::vector<std::string> synthetic_classes(const std::string& part) {
    std::vector<std::string> names;
    for (const auto& drawn : classes_of(part))
        names.push_back(drawn.name());
    return names;
}

DataSource open_synthetic(const config::Config& config) {
    const auto& wanted = config.synthetic;
    const auto classes = classes_of(wanted.part);
    check_count("train_per_class", wanted.train_per_class);
    check_count("test_per_class", wanted.test_per_class);
    const Rng rng = Rng(static_cast<std::uint64_t>(wanted.seed)).fork("synthetic");
    auto train = draw_split(classes, wanted.train_per_class, rng.fork("train"));
    auto test = draw_split(classes, wanted.test_per_class, rng.fork("test"));
    return memory_source(std::move(train), std::move(test), synthetic_classes(wanted.part));
}

}  // namespace promptcl::data

#include "promptcl/train/replay_state.h"

#include "promptcl/core/error.h"

#include <fmt/format.h>
#include <span>
#include <vector>

namespace promptcl::train {
namespace {

const io::Array& array_named(const io::ArrayMap& arrays, const std::string& name,
                             const std::string& place) {
    const auto found = arrays.find(name);
    if (found != arrays.end()) return found->second;
    throw Error(fmt::format("{} holds no array {}", place, name),
                "give a checkpoint of the same configuration");
}

}  // namespace

io::ArrayMap arrays_of(const stream::ReplayBuffer& replay) {
    std::vector<std::int64_t> ids, labels, sizes;
    std::vector<std::uint8_t> pixels;
    for (const auto& kept : replay.kept()) {
        ids.push_back(kept.id);
        labels.push_back(kept.label);
        sizes.insert(sizes.end(), {kept.image.height, kept.image.width});
        pixels.insert(pixels.end(), kept.image.rgb.begin(), kept.image.rgb.end());
    }
    const auto of = [](const auto& values, io::Shape shape) {
        return io::Array::of(std::span(values), std::move(shape));
    };
    return {{"replay/id", of(ids, {replay.size()})},
            {"replay/label", of(labels, {replay.size()})},
            {"replay/size", of(sizes, {replay.size(), 2})},
            {"replay/pixels", of(pixels, {std::ssize(pixels)})}};
}

void restore(stream::ReplayBuffer& replay, const io::ArrayMap& arrays, const std::string& place) {
    const auto ints = [&](const std::string& name) {
        return array_named(arrays, name, place).as_int();
    };
    const auto ids = ints("replay/id"), labels = ints("replay/label"), sizes = ints("replay/size");
    const auto& bytes = array_named(arrays, "replay/pixels", place).bytes;
    const std::span pixels(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    bool whole = labels.size() == ids.size() && sizes.size() == 2 * ids.size();
    std::size_t used = 0;
    for (std::size_t i = 0; whole && i < ids.size(); ++i) {
        const auto height = static_cast<int>(sizes[2 * i]);
        const auto width = static_cast<int>(sizes[2 * i + 1]);
        const auto count = static_cast<std::size_t>(height) * static_cast<std::size_t>(width) * 3;
        whole = height > 0 && width > 0 && count <= pixels.size() - used;
        if (whole) replay.add(ids[i], labels[i], {height, width, pixels.subspan(used, count)});
        used += count;
    }
    if (whole && used == pixels.size()) return;
    throw Error(
        fmt::format("{}: the arrays replay/id, label, size and pixels do not go together", place),
        "remove this checkpoint; the one before it serves as well");
}

}  // namespace promptcl::train

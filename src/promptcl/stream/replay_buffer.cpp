#include "promptcl/stream/replay_buffer.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace promptcl::stream {

ReplayBuffer::ReplayBuffer(std::int64_t per_class, Rng rng)
    : per_class_(per_class), rng_(std::move(rng)) {
    require(per_class >= 1, "a replay buffer holds at least one image a class");
}

void ReplayBuffer::add(std::int64_t id, std::int64_t label, data::ImageView image) {
    const std::uint64_t lot = rng_.fork("lot", id).seed();
    const auto of_class = std::ranges::equal_range(kept_, label, {}, &KeptImage::label);
    const auto place = std::ranges::lower_bound(of_class, lot, {}, &KeptImage::lot);
    if (place != of_class.end() && place->id == id) return;  // held already
    if (std::ssize(of_class) == per_class_) {
        if (place == of_class.end()) return;
        kept_.erase(of_class.end() - 1);
    }
    kept_.insert(place,
                 {.id = id,
                  .label = label,
                  .lot = lot,
                  .image = {image.height, image.width, {image.rgb.begin(), image.rgb.end()}}});
}

void ReplayBuffer::add(const data::Dataset& train, std::span<const std::int64_t> ids) {
    for (const auto id : ids)
        add(id, train.label(id), train.image(id));
}

std::int64_t ReplayBuffer::count(std::span<const std::int64_t> classes) const {
    return std::ranges::count_if(kept_, [classes](const KeptImage& kept) {
        return std::ranges::find(classes, kept.label) != classes.end();
    });
}

std::vector<std::int64_t> ReplayBuffer::draw(std::int64_t images, Rng rng) const {
    require(size() > 0, "an empty replay buffer has nothing to replay");
    if (size() >= images) {
        auto order = rng.permutation(size());
        order.resize(static_cast<std::size_t>(images));
        return order;
    }
    std::vector<std::int64_t> drawn;
    for (std::int64_t i = 0; i < images; ++i)
        drawn.push_back(rng.below(size()));
    return drawn;
}

std::string ReplayBuffer::origin(std::int64_t i) const {
    return fmt::format("training image {}", at(i).id);
}

}  // namespace promptcl::stream

#include "promptcl/data/datasets/core50.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_tree.h"
#include "promptcl/data/image_file.h"
#include "promptcl/data/picture_set.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <utility>

namespace promptcl::data {
namespace {

constexpr std::array kTrainSessions = {1, 2, 4, 5, 6, 8, 9, 11};
constexpr std::string_view kHint =
    "set data_dir to the folder that holds core50_128x128.zip or core50_128x128";
constexpr int kSessions = 11, kObjects = 50;
// Of five objects each, in the order of their numbers.
constexpr std::array kCategories = {"plug_adapter", "mobile_phone",  "scissor", "light_bulb",
                                    "can",          "glass",         "ball",    "marker",
                                    "cup",          "remote_control"};
constexpr int kOfCategory = kObjects / static_cast<int>(kCategories.size());

/// The number in a name such as "s11"; nothing for other names.
std::optional<int> number_after(char letter, const std::string& name) {
    int number = 0;
    const char* end = name.data() + name.size();
    if (name.size() < 2 || name[0] != letter) return std::nullopt;
    const auto [rest, failure] = std::from_chars(name.data() + 1, end, number);
    return failure == std::errc{} && rest == end ? std::optional(number) : std::nullopt;
}

ListedPicture listed(io::FileTree::Entry file, int session, int object) {
    if (session < 1 || session > kSessions || object < 1 || object > kObjects) {
        throw Error(fmt::format("{} is no picture of CORe50, which has sessions 1 to {} and "
                                "objects 1 to {}",
                                file.path, kSessions, kObjects),
                    kHint);
    }
    const auto task = std::ranges::find(kTrainSessions, session);
    const bool is_test = task == kTrainSessions.end();
    return {.file = std::move(file),
            .group = fmt::format("s{}/o{}", session, object),
            .label = object - 1,
            .task = is_test ? 0 : task - kTrainSessions.begin(),
            .split = is_test ? Split::kTest : Split::kTrain};
}

}  // namespace

DataSource open_core50(const config::Config& config, OpenObserver& observer) {
    const auto tree = open_data_tree(config, "core50_128x128");
    PictureListing listing{
        .class_names = {}, .task_names = {}, .common_test = true, .pictures = {}};
    for (int object = 0; object < kObjects; ++object) {
        listing.class_names.push_back(
            fmt::format("{}{}", kCategories[static_cast<std::size_t>(object / kOfCategory)],
                        object % kOfCategory + 1));
    }
    for (const int session : kTrainSessions)
        listing.task_names.push_back(fmt::format("s{}", session));
    for (auto& file : visible_files(*tree)) {
        const auto names = names_of(file.path);
        if (names.size() != 3 || !is_picture(names[2])) continue;
        const auto session = number_after('s', names[0]), object = number_after('o', names[1]);
        if (session && object)
            listing.pictures.push_back(listed(std::move(file), *session, *object));
    }
    if (listing.pictures.empty()) {
        throw Error(fmt::format("{} holds no folder such as s1/o1 with pictures", config.data_dir),
                    kHint);
    }
    return open_picture_set(*tree, std::move(listing), config, observer);
}

}  // namespace promptcl::data

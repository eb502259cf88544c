#include "promptcl/fetch/check.h"

#include "promptcl/data/registry.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>
#include <utility>

namespace promptcl::fetch {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSmall = 32;  // pixels a side: enough to see that a picture can be read

/// The folder a file of the source lies in, or would: `path` may be that file.
fs::path folder_of(const Source& source, const fs::path& path) {
    const auto is_file = [&](const RemoteFile& file) { return path.filename() == file.name; };
    return std::ranges::any_of(source.files, is_file) ? path.parent_path() : path;
}

FileState state_of(const RemoteFile& file, const fs::path& path) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        const bool begun = fs::exists(path.string() + ".part", ignored);
        return begun ? FileState::kPart : FileState::kMissing;
    }
    if (!file.checksum) return FileState::kUnchecked;
    const bool right = io::digest_of_file(file.checksum->kind, path) == file.checksum->hex;
    return right ? FileState::kRight : FileState::kWrong;
}

Contents::Split count(const data::Dataset& images, std::size_t classes) {
    std::vector<std::int64_t> of_class(classes);
    for (std::int64_t i = 0; i < images.size(); ++i)
        ++of_class[static_cast<std::size_t>(images.label(i))];
    const auto [least, most] = std::ranges::minmax_element(of_class);
    return {images.size(), *least, *most};
}

struct Whole {
    std::int64_t classes = 0, images = 0;
};

/// What the whole data set holds; nothing for one of the user's own.
std::optional<Whole> whole(std::string_view dataset) {
    const auto source = std::ranges::find(sources(), dataset, &Source::dataset);
    if (source != sources().end()) return Whole{source->classes, source->images};
    const auto group = std::ranges::find(groups(), dataset, &Group::name);
    if (group == groups().end()) return std::nullopt;
    Whole sum;
    for (const auto& member : sources_named(dataset)) {
        sum.classes += member.classes;
        sum.images += member.images;
    }
    return sum;
}

}  // namespace

std::vector<CheckedFile> check_files(std::string_view dataset, const fs::path& path) {
    for (const auto& source : sources()) {
        if (source.dataset != dataset) continue;
        const fs::path folder = folder_of(source, path);
        std::vector<CheckedFile> checked;
        for (const auto& file : source.files)
            checked.push_back({file, state_of(file, folder / file.name)});
        const auto is_missing = [](const CheckedFile& file) {
            return file.state == FileState::kMissing;
        };
        if (!std::ranges::all_of(checked, is_missing)) return checked;
    }
    return {};
}

data::DataSource read_dataset(std::string_view dataset, const fs::path& path,
                              data::OpenObserver& observer) {
    config::Config config;
    config.dataset = dataset;
    config.data_dir = path.string();
    config.images.input_size = config.images.resize_size = kSmall;
    return data::open_dataset(config, observer);
}

Contents contents_of(const data::DataSource& source) {
    const std::size_t classes = source.class_names.size();
    return {.train = count(*source.train, classes),
            .test = count(*source.test, classes),
            .classes = source.class_names,
            .tasks = source.tasks ? source.tasks->names : std::vector<std::string>(),
            .skipped = source.skipped};
}

std::optional<std::string> shortage(std::string_view dataset, const Contents& contents) {
    const auto expected = whole(dataset);
    const auto skipped = std::ssize(contents.skipped);
    if (!expected) {
        if (skipped == 0) return std::nullopt;
        return fmt::format("{} file{} cannot be read", skipped, skipped == 1 ? "" : "s");
    }
    const std::int64_t images = contents.train.images + contents.test.images + skipped;
    if (images == expected->images && std::ssize(contents.classes) == expected->classes)
        return std::nullopt;
    return fmt::format("{} of {} images, {} of {} classes", images, expected->images,
                       contents.classes.size(), expected->classes);
}

}  // namespace promptcl::fetch

#include "promptcl/data/picture_cache.h"

#include "promptcl/core/error.h"
#include "promptcl/data/decode_pictures.h"
#include "promptcl/data/transform.h"
#include "promptcl/io/atomic_file.h"

#include <chrono>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <system_error>
#include <thread>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;

/// Another name for every other set of files and every other format.
std::string key_of(const std::vector<io::FileTree::Entry>& files, PackShape shape, JpegDct dct) {
    io::Sha256 digest;
    const auto add = [&](const std::string& line) {
        digest.update(std::as_bytes(std::span(line)));
    };
    add(fmt::format("{} {}\n", kPackFormat, shape.side));
    if (dct == JpegDct::kFast) add("jpeg_dct fast\n");
    for (const auto& file : files)
        add(fmt::format("{} {} {}\n", file.size, file.modified, file.path));
    return digest.hex().substr(0, 16);
}

void build(const io::FileTree& tree, const DecodePlan& plan, const PackWriter::Sink& sink,
           OpenObserver& observer) {
    PackWriter writer({.side = plan.side, .count = std::ssize(plan.paths)}, sink);
    decode_pictures(
        tree, plan,
        [&](std::int64_t i, const DecodedPicture& picture) {
            picture.skipped.empty() ? writer.add(i, picture.image.view(), picture.sha256)
                                    : writer.skip(i, picture.skipped, picture.sha256);
        },
        observer);
    writer.finish();
}

/// The cache that lies at `path` and is whole.
std::optional<PicturePack> find(const fs::path& path, PackShape shape, OpenObserver& observer) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return std::nullopt;
    try {
        verify_pack(io::File::open_to_read(path), observer);
        return PicturePack(io::File::open_to_read(path), shape);
    } catch (const Error& error) {
        observer.note(fmt::format("{}; it is built again", error.what()));
        return std::nullopt;
    }
}

}  // namespace

PicturePack open_pictures(const io::FileTree& tree, const std::vector<io::FileTree::Entry>& files,
                          const config::Config& config, OpenObserver& observer) {
    DecodePlan plan{.paths = {},
                    .side = squash_size(config.images),
                    .jpeg_dct = jpeg_dct(config.images),
                    .workers = config.num_workers};
    for (const auto& file : files)
        plan.paths.push_back(file.path);
    const PackShape shape{.side = plan.side, .count = std::ssize(files)};
    if (config.cache_dir.empty()) {
        auto memory = io::File::in_memory("images");
        build(
            tree, plan, [&](auto bytes) { memory.write(bytes); }, observer);
        return PicturePack(memory, shape);
    }
    io::make_folder(config.cache_dir, "let cache_dir name a folder that can be written");
    const fs::path path =
        fs::path(config.cache_dir) /
        fmt::format("{}-{}.pictures", config.dataset, key_of(files, shape, plan.jpeg_dct));
    if (auto found = find(path, shape, observer)) return std::move(*found);
    bool waited = false;
    io::AtomicFile file(path, [&] {
        constexpr std::chrono::milliseconds kPause{50};
        waited = true;
        observer.progress("waiting for the run that builds the image cache", 0, 1);
        std::this_thread::sleep_for(kPause);
    });
    if (waited) {
        if (auto found = find(path, shape, observer)) return std::move(*found);
    }
    build(
        tree, plan, [&](auto bytes) { file.write(bytes); }, observer);
    file.commit();
    return PicturePack(io::File::open_to_read(path), shape);
}

}  // namespace promptcl::data

#include "promptcl/io/file_tree.h"

#include "promptcl/core/error.h"
#include "promptcl/io/archive_reader.h"
#include "promptcl/io/file.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <set>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

namespace promptcl::io {
namespace {

namespace fs = std::filesystem;

std::int64_t nanoseconds(fs::file_time_type time) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

class FolderTree : public FileTree {
  public:
    explicit FolderTree(fs::path root) : root_(std::move(root)) {}

    std::vector<Entry> list() const override try {
        std::vector<Entry> entries;
        constexpr auto kFollow = fs::directory_options::follow_directory_symlink;
        for (const auto& file : fs::recursive_directory_iterator(root_, kFollow)) {
            if (!file.is_regular_file()) continue;
            entries.push_back({file.path().lexically_relative(root_).generic_string(),
                               static_cast<std::int64_t>(file.file_size()),
                               nanoseconds(file.last_write_time())});
        }
        std::ranges::sort(entries, {}, &Entry::path);
        return entries;
    } catch (const fs::filesystem_error& error) {
        throw file_error("read", error.path1(), error.code().value());
    }

    void read(const std::vector<std::string>& wanted, const Take& take) const override {
        for (const auto& path : wanted)
            take(path, read_file(root_ / path));
    }

  private:
    fs::path root_;
};

class ArchiveTree : public FileTree {
  public:
    ArchiveTree(fs::path path, ArchiveFormat format) : path_(std::move(path)), format_(format) {}

    std::vector<Entry> list() const override {
        std::vector<Entry> entries;
        std::error_code unknown;
        const std::int64_t modified = nanoseconds(fs::last_write_time(path_, unknown));
        ArchiveReader archive(path_, format_);
        while (auto entry = archive.next())
            entries.push_back({plain(entry->name), entry->size, modified});
        std::ranges::sort(entries, {}, &Entry::path);
        const auto twice = std::ranges::adjacent_find(entries, {}, &Entry::path);
        if (twice != entries.end()) {
            throw Error(fmt::format("{} holds {} twice", path_.string(), twice->path),
                        "unpack it and give the folder");
        }
        return entries;
    }

    void read(const std::vector<std::string>& wanted, const Take& take) const override {
        std::set<std::string> missing(wanted.begin(), wanted.end());
        ArchiveReader archive(path_, format_);
        while (auto entry = archive.next()) {
            const std::string path = plain(entry->name);
            if (missing.erase(path) == 1) take(path, contents_of(archive, *entry));
        }
        if (!missing.empty()) {
            throw Error(fmt::format("{} lacks {}", path_.string(), *missing.begin()),
                        "copy or download the archive again");
        }
    }

  private:
    static std::string plain(const std::string& name) {
        return fs::path(name).lexically_normal().generic_string();
    }

    /// Grows as the data come, so that an announced size alone takes no memory.
    static std::string contents_of(ArchiveReader& archive, const ArchiveReader::Entry& entry) {
        constexpr std::size_t kChunk = 1 << 20;
        const auto what = fmt::format("{} of {}", entry.name, archive.name());
        std::string contents;
        for (std::size_t count = kChunk; count == kChunk;) {
            const std::size_t before = contents.size();
            contents.resize(before + kChunk);
            const auto room = std::as_writable_bytes(std::span(contents).subspan(before));
            count = archive.read(room, what);
            contents.resize(before + count);
        }
        if (std::cmp_not_equal(contents.size(), entry.size)) {
            throw Error(fmt::format("cannot read {}: its data end after {} of {} bytes", what,
                                    contents.size(), entry.size),
                        "copy or download the archive again");
        }
        return contents;
    }

    fs::path path_;
    ArchiveFormat format_;
};

bool begins_like_a_zip(const fs::path& path) {
    std::array<char, 2> magic{};
    File::open_to_read(path).read(std::as_writable_bytes(std::span(magic)));
    return std::string_view(magic.data(), magic.size()) == "PK";
}

}  // namespace

std::unique_ptr<FileTree> FileTree::open(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return std::make_unique<FolderTree>(path);
    return std::make_unique<ArchiveTree>(
        path, begins_like_a_zip(path) ? ArchiveFormat::kZip : ArchiveFormat::kTar);
}

}  // namespace promptcl::io

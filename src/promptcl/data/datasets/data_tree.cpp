#include "promptcl/data/datasets/data_tree.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_folder.h"
#include "promptcl/io/lines.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <system_error>
#include <utility>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;

/// A tree without the folder that holds everything else.
class TreeBelow : public io::FileTree {
  public:
    TreeBelow(std::unique_ptr<FileTree> whole, std::string prefix, std::vector<Entry> entries)
        : whole_(std::move(whole)), prefix_(std::move(prefix)), entries_(std::move(entries)) {
        for (auto& entry : entries_)
            entry.path.erase(0, prefix_.size());
    }

    std::vector<Entry> list() const override { return entries_; }

    void read(const std::vector<std::string>& wanted, const Take& take) const override {
        std::vector<std::string> paths(wanted.size());
        std::ranges::transform(wanted, paths.begin(),
                               [&](const std::string& path) { return prefix_ + path; });
        whole_->read(paths, [&](const std::string& path, std::string contents) {
            take(path.substr(prefix_.size()), std::move(contents));
        });
    }

  private:
    std::unique_ptr<FileTree> whole_;
    std::string prefix_;
    std::vector<Entry> entries_;
};

/// The folders that all files share, "a/b/" or nothing.
std::string common_folder(const std::vector<io::FileTree::Entry>& entries) {
    if (entries.empty()) return {};
    const std::string &first = entries.front().path, &last = entries.back().path;  // sorted
    const auto differs = std::ranges::mismatch(first, last).in1;
    const auto slash = std::string_view(first.begin(), differs).rfind('/');
    return slash == std::string_view::npos ? std::string() : first.substr(0, slash + 1);
}

std::unique_ptr<io::FileTree> open_archive(const fs::path& path) {
    auto whole = io::FileTree::open(path);
    auto entries = whole->list();
    auto prefix = common_folder(entries);
    return std::make_unique<TreeBelow>(std::move(whole), std::move(prefix), std::move(entries));
}

}  // namespace

std::unique_ptr<io::FileTree> open_data_tree(const config::Config& config, std::string_view name) {
    const fs::path given =
        data_folder(config, fmt::format("give the folder or archive of {}", config.dataset));
    std::error_code ignored;
    if (!fs::exists(given, ignored)) {
        throw Error(fmt::format("no folder {}", given.string()),
                    fmt::format("set data_dir to the folder or archive of {}", config.dataset));
    }
    if (!fs::is_directory(given, ignored)) return open_archive(given);
    if (name.empty()) return io::FileTree::open(given);
    if (fs::is_directory(given / name, ignored)) return io::FileTree::open(given / name);
    for (const std::string_view ending : {".zip", ".tar", ".tar.gz", ".tgz"}) {
        const fs::path archive = given / fmt::format("{}{}", name, ending);
        if (fs::exists(archive, ignored)) return open_archive(archive);
    }
    return io::FileTree::open(given);
}

std::vector<std::string> read_lines(const io::FileTree& tree, const std::string& path) {
    std::vector<std::string> lines;
    tree.read({path}, [&](const std::string&, const std::string& contents) {
        lines = io::lines_of(contents);
    });
    return lines;
}

std::vector<std::string> names_of(std::string_view path) {
    std::vector<std::string> names;
    for (std::size_t start = 0; start <= path.size();) {
        const auto end = std::min(path.find('/', start), path.size());
        names.emplace_back(path.substr(start, end - start));
        start = end + 1;
    }
    return names;
}

std::vector<io::FileTree::Entry> visible_files(const io::FileTree& tree) {
    auto files = tree.list();
    std::erase_if(files, [](const io::FileTree::Entry& file) {
        return file.path.starts_with('.') || file.path.find("/.") != std::string::npos;
    });
    return files;
}

}  // namespace promptcl::data

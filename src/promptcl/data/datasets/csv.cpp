#include "promptcl/data/datasets/csv.h"

#include "promptcl/core/error.h"
#include "promptcl/data/datasets/data_tree.h"
#include "promptcl/data/datasets/named_pictures.h"
#include "promptcl/data/image_file.h"
#include "promptcl/io/csv.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace promptcl::data {
namespace {

namespace fs = std::filesystem;

/// The table with its columns by name.
class Table {
  public:
    Table(const std::string& text, std::string name)
        : name_(std::move(name)), rows_(io::parse_csv(text, name_)) {
        if (rows_.size() < 2) {
            throw Error(fmt::format("{} lists no picture", name_),
                        "give a row that names the columns and one for each picture");
        }
        const auto header = std::move(rows_.front());
        rows_.erase(rows_.begin());
        for (std::size_t i = 0; i < header.cells.size(); ++i)
            columns_.emplace(header.cells[i], i);
        for (const std::string column : {"path", "label"}) {
            if (!columns_.contains(column)) fail(header, fmt::format("names no column {}", column));
        }
        for (const auto& row : rows_) {
            if (row.cells.size() == header.cells.size()) continue;
            fail(row, fmt::format("has {} cells, but the header {}", row.cells.size(),
                                  header.cells.size()));
        }
    }

    const std::vector<io::CsvRow>& rows() const { return rows_; }
    bool has(const std::string& column) const { return columns_.contains(column); }
    /// Empty when there is no such column.
    std::string cell(const io::CsvRow& row, const std::string& column) const {
        const auto found = columns_.find(column);
        return found == columns_.end() ? std::string() : row.cells[found->second];
    }
    std::string required_cell(const io::CsvRow& row, const std::string& column) const {
        auto value = cell(row, column);
        if (value.empty()) fail(row, fmt::format("has no {}", column));
        return value;
    }
    [[noreturn]] void fail(const io::CsvRow& row, const std::string& what) const {
        throw Error(fmt::format("line {} of {} {}", row.line, name_, what),
                    "every row needs a path and a label; task and split (train, test) are optional "
                    "columns");
    }

  private:
    std::string name_;
    std::vector<io::CsvRow> rows_;
    std::map<std::string, std::size_t> columns_;
};

Split split_of(const Table& table, const io::CsvRow& row) {
    const std::string split = table.cell(row, "split");
    if (split.empty()) return Split::kDrawn;
    if (split != "train" && split != "test")
        table.fail(row,
                   fmt::format("has the split \"{}\", which is neither train nor test", split));
    return split == "test" ? Split::kTest : Split::kTrain;
}

/// The files of the tree by their paths.
std::map<std::string, io::FileTree::Entry> files_of(const io::FileTree& tree) {
    std::map<std::string, io::FileTree::Entry> files;
    for (auto& file : tree.list())
        files.emplace(file.path, file);
    return files;
}

std::vector<NamedPicture> pictures_of(const Table& table, const io::FileTree& tree) {
    auto files = files_of(tree);
    std::vector<NamedPicture> pictures;
    std::map<std::string, std::int64_t> lines;  // on which each path stands
    for (const auto& row : table.rows()) {
        const std::string path =
            fs::path(table.required_cell(row, "path")).lexically_normal().generic_string();
        const auto [first, is_new] = lines.emplace(path, row.line);
        if (!is_new) table.fail(row, fmt::format("repeats {} of line {}", path, first->second));
        const auto file = files.find(path);
        if (file == files.end())
            table.fail(row, fmt::format("names {}, which is not in the folder of the table", path));
        pictures.push_back(
            {.file = file->second,
             .class_name = table.required_cell(row, "label"),
             .task_name = table.has("task") ? table.required_cell(row, "task") : std::string(),
             .split = split_of(table, row)});
    }
    return pictures;
}

}  // namespace

DataSource open_csv(const config::Config& config, OpenObserver& observer) {
    config::Config folder = config;
    std::string name = "data.csv";
    if (const fs::path given = config.data_dir; given.extension() == ".csv") {
        folder.data_dir = given.has_parent_path() ? given.parent_path().string() : ".";
        name = given.filename().string();
    }
    const auto tree = open_data_tree(folder, {});
    std::string text;
    tree->read({name},
               [&](const std::string&, std::string contents) { text = std::move(contents); });
    const Table table(text, name);
    return open_picture_set(*tree, listing_of(pictures_of(table, *tree)), config, observer);
}

}  // namespace promptcl::data

#include "promptcl/cli/commands.h"
#include "promptcl/cli/table.h"
#include "promptcl/core/error.h"
#include "promptcl/core/human.h"
#include "promptcl/fetch/sources.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace promptcl::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string size_of(const fetch::Source& source) {
    const auto exact = source.bytes();
    if (!exact && source.about_bytes == 0) return "not known";
    return (exact ? "" : "about ") +
           human_bytes(static_cast<double>(exact.value_or(source.about_bytes)));
}

Json to_json(const fetch::RemoteFile& file) {
    Json json = {{"name", file.name}};
    if (file.bytes > 0) json["bytes"] = file.bytes;
    if (file.checksum) json[std::string(io::name_of(file.checksum->kind))] = file.checksum->hex;
    return json;
}

void print_json() {
    Json list = Json::array();
    for (const auto& source : fetch::sources()) {
        Json files = Json::array();
        for (const auto& file : source.files)
            files.push_back(to_json(file));
        list.push_back({{"name", source.name},
                        {"dataset", source.dataset},
                        {"summary", source.summary},
                        {"needed_by", source.needed_by},
                        {"licence", source.licence},
                        {"home", source.home},
                        {"checksums_by", source.checked_by},
                        {"addresses", source.bases},
                        {"files", files}});
    }
    for (const auto& group : fetch::groups()) {
        list.push_back(
            {{"name", group.name}, {"summary", group.summary}, {"members", group.members}});
    }
    fmt::print("{}\n", list.dump(2));
}

/// The table of docs/data.md.
void print_markdown() {
    fmt::print(
        "| name | what it holds | needed by | size | licence | checksums |\n"
        "| --- | --- | --- | --- | --- | --- |\n");
    for (const auto& source : fetch::sources()) {
        fmt::print("| [`{}`]({}) | {} | {} | {} | {} | {} |\n", source.name, source.home,
                   source.summary, source.needed_by, size_of(source), source.licence,
                   source.checked_by);
    }
}

void print_table() {
    std::vector<Row> rows;
    for (const auto& source : fetch::sources()) {
        rows.push_back({std::string(source.name), std::to_string(source.files.size()),
                        size_of(source), std::string(source.needed_by), std::string(source.licence),
                        std::string(source.home)});
    }
    fmt::print("{}", format_table({"name", "files", "size", "needed by", "licence", "from"}, rows));
    for (const auto& group : fetch::groups()) {
        fmt::print("\n{}: {} ({})", group.name, group.summary, fmt::join(group.members, ", "));
    }
    fmt::print("\n\nNothing to fetch for {}.\n", fmt::join(fetch::unfetched(), ", "));
}

}  // namespace

int run_data_list(const DataListOptions& options) {
    switch (options.form) {
        case Form::kJson:
            print_json();
            break;
        case Form::kMarkdown:
            print_markdown();
            break;
        case Form::kTable:
            print_table();
            break;
    }
    return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace promptcl::cli

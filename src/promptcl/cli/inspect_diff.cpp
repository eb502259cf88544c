#include "promptcl/cli/inspect_diff.h"

#include "promptcl/cli/table.h"
#include "promptcl/config/json.h"
#include "promptcl/config/load.h"
#include "promptcl/config/print.h"
#include "promptcl/runs/run_config.h"

#include <fmt/format.h>
#include <system_error>
#include <vector>

namespace promptcl::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

config::Config config_at(const fs::path& path) {
    std::error_code failure;
    return fs::is_directory(path, failure) ? runs::stored_config(path) : config::load_config(path);
}

}  // namespace

Json diff_facts(const fs::path& left, const fs::path& right) {
    const auto left_config = config_at(left), right_config = config_at(right);
    const Json left_values = config::to_json(left_config),
               right_values = config::to_json(right_config);
    Json found = Json::array();
    for (const auto& entry : config::differences(left_config, right_config)) {
        found.push_back({{"key", entry.key},
                         {"left", left_values.at(entry.key)},
                         {"right", right_values.at(entry.key)}});
    }
    return {{"left", left.string()}, {"right", right.string()}, {"differences", found}};
}

std::string diff_text(const Json& facts) {
    const std::string left = facts.at("left"), right = facts.at("right");
    std::vector<Row> rows;
    for (const auto& entry : facts.at("differences"))
        rows.push_back({entry.at("key"), entry.at("left").dump(), entry.at("right").dump()});
    if (rows.empty()) return fmt::format("{} and {} do not differ.\n", left, right);
    return format_table({"key", left, right}, rows);
}

}  // namespace promptcl::cli

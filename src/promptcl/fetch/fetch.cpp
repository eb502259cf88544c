#include "promptcl/fetch/fetch.h"

#include "promptcl/io/file.h"

#include <fmt/format.h>
#include <system_error>
#include <vector>

namespace promptcl::fetch {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> bases_of(const Source& source, const std::string& mirror) {
    if (mirror.empty()) return {source.bases.begin(), source.bases.end()};
    return {mirror.ends_with('/') ? mirror : mirror + '/'};
}

Fetched fetch_file(const RemoteFile& file, const std::vector<std::string>& bases,
                   const fs::path& target, const Hooks& hooks, const Patience& patience) {
    for (std::size_t i = 0;; ++i) {
        try {
            return download(bases[i] + std::string(file.name), file, target, hooks, patience);
        } catch (const Unavailable& problem) {
            if (i + 1 == bases.size()) throw;
            if (hooks.note) hooks.note(fmt::format("{}; trying {}", problem.what(), bases[i + 1]));
        }
    }
}

}  // namespace

bool fetch(const Source& source, const Plan& plan, const Hooks& hooks, const FileDone& done) {
    std::error_code failure;
    fs::create_directories(plan.folder, failure);
    if (failure) throw io::file_error("write", plan.folder, failure.value());
    const auto bases = bases_of(source, plan.mirror);
    for (const auto& file : source.files) {
        const fs::path target = plan.folder / file.name;
        const Fetched fetched = fetch_file(file, bases, target, hooks, plan.patience);
        if (fetched.outcome == Outcome::kStopped) return false;
        done(file, target, fetched);
    }
    return true;
}

}  // namespace promptcl::fetch

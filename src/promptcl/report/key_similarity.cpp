#include "promptcl/report/key_similarity.h"

#include "promptcl/core/error.h"
#include "promptcl/io/safetensors.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <string>
#include <string_view>
#include <system_error>

namespace promptcl::report {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKeys = "prompt_pool/key";

/// Model files sort by their step; one without its state file is not complete.
std::optional<fs::path> newest_model(const fs::path& checkpoints) {
    constexpr std::string_view kEnd = ".state.safetensors";
    std::string newest;
    std::error_code failure;
    for (fs::directory_iterator entry(checkpoints, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with("step-") && name.ends_with(kEnd)) newest = std::max(newest, name);
    }
    if (newest.empty()) return std::nullopt;
    newest.resize(newest.size() - kEnd.size());
    return checkpoints / (newest + ".safetensors");
}

double cosine(const double* a, const double* b, std::size_t width) {
    const auto product = [&](const double* x, const double* y) {
        return std::inner_product(x, x + width, y, 0.0);
    };
    const double lengths = std::sqrt(product(a, a) * product(b, b));
    return lengths > 0 ? product(a, b) / lengths : 0.0;
}

}  // namespace

std::optional<std::vector<std::vector<double>>> key_similarity(const fs::path& run) {
    const auto model = newest_model(run / "checkpoints");
    if (!model || !io::read_safetensors_header(*model).arrays.contains(std::string(kKeys)))
        return std::nullopt;
    const auto arrays = io::read_safetensors(*model).arrays;
    const io::Array& keys = arrays.at(std::string(kKeys));
    if (keys.shape.size() != 2)
        throw Error(fmt::format("the keys of {} are no matrix", model->string()),
                    "the file is damaged");
    const auto values = keys.as_double();
    const auto pool = static_cast<std::size_t>(keys.shape[0]),
               width = static_cast<std::size_t>(keys.shape[1]);
    std::vector<std::vector<double>> cosines(pool, std::vector<double>(pool));
    for (std::size_t i = 0; i < pool; ++i) {
        for (std::size_t j = 0; j < pool; ++j)
            cosines[i][j] = cosine(values.data() + i * width, values.data() + j * width, width);
    }
    return cosines;
}

}  // namespace promptcl::report

#include "promptcl/report/key_similarity.h"

#include "promptcl/core/error.h"
#include "promptcl/io/safetensors.h"
#include "promptcl/model/run_model.h"

#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <string>
#include <string_view>

namespace promptcl::report {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKeys = "prompt_pool/key";

double cosine(const double* a, const double* b, std::size_t width) {
    const auto product = [&](const double* x, const double* y) {
        return std::inner_product(x, x + width, y, 0.0);
    };
    const double lengths = std::sqrt(product(a, a) * product(b, b));
    return lengths > 0 ? product(a, b) / lengths : 0.0;
}

}  // namespace

std::optional<std::vector<std::vector<double>>> key_similarity(const fs::path& run) {
    const model::Checkpoints checkpoints(run);
    const auto steps = checkpoints.steps();  // newest first
    if (steps.empty()) return std::nullopt;
    const fs::path file = checkpoints.model_path(steps.front());
    if (!io::read_safetensors_header(file).arrays.contains(std::string(kKeys))) return std::nullopt;
    const auto arrays = io::read_safetensors(file).arrays;
    const io::Array& keys = arrays.at(std::string(kKeys));
    if (keys.shape.size() != 2)
        throw Error(fmt::format("the keys of {} are no matrix", file.string()),
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

#include "promptcl/cli/torch_environment.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <dlfcn.h>

namespace promptcl::cli {
namespace {

constexpr const char* kOpenblasKernels = "OPENBLAS_CORETYPE";

/// The kernels of x86-64 that use no AVX2, by the names that OpenBLAS gives them. Not among them
/// are those of AMD's Bulldozer family, which it chooses for no other processor.
constexpr std::array<std::string_view, 12> kWithoutAvx2 = {
    "Prescott", "Core2", "Penryn", "Dunnington", "Nehalem",      "Sandybridge",
    "Atom",     "Nano",  "Bobcat", "Opteron",    "Opteron_SSE3", "Barcelona"};

}  // namespace

std::string openblas_kernels() {
    void* const library = ::dlopen("libopenblas.so.0", RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr) return {};
    const auto name =
        reinterpret_cast<const char* (*)()>(::dlsym(library, "openblas_get_corename"));
    return name == nullptr ? "" : name();
}

std::optional<std::string_view> better_openblas_kernels(std::string_view chosen,
                                                        engine::Isa machine) {
    if (std::ranges::find(kWithoutAvx2, chosen) == kWithoutAvx2.end()) return std::nullopt;
    switch (machine) {
        case engine::Isa::kAvx512:
            return "SKYLAKEX";
        case engine::Isa::kAvx2:
            return "HASWELL";
        default:
            return std::nullopt;
    }
}

void set_torch_environment() {
    // The worker threads of OpenBLAS and OpenMP would otherwise spin while they wait and take the
    // cores from each other.
    ::setenv("OMP_WAIT_POLICY", "passive", /*overwrite=*/0);
    const engine::Isa machine = engine::usable_isas().back();
    if (std::getenv(kOpenblasKernels) != nullptr || machine == engine::Isa::kPortable) return;
    if (const auto kernels = better_openblas_kernels(openblas_kernels(), machine))
        ::setenv(kOpenblasKernels, std::string(*kernels).c_str(), /*overwrite=*/1);
}

}  // namespace promptcl::cli

#include "promptcl/tensor/tensor.h"

#include "promptcl/core/cpus.h"
#include "promptcl/core/error.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <torch/version.h>

#include <algorithm>
#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <utility>

namespace promptcl::tensor {
namespace {

/// Version, kernels and threads of OpenBLAS; empty with another BLAS, of which show_config() tells.
std::string blas() {
    const auto config =
        reinterpret_cast<const char* (*)()>(::dlsym(RTLD_DEFAULT, "openblas_get_config"));
    const auto threads =
        reinterpret_cast<int (*)()>(::dlsym(RTLD_DEFAULT, "openblas_get_num_threads"));
    if (config == nullptr || threads == nullptr) return {};
    return fmt::format("{} on {} threads\n", config(), threads());
}

}  // namespace

void expect_shape(const Tensor& x, std::initializer_list<std::int64_t> want,
                  std::string_view name) {
    const auto sizes = x.sizes();
    const bool same = std::equal(
        sizes.begin(), sizes.end(), want.begin(), want.end(),
        [](std::int64_t actual, std::int64_t wanted) { return wanted < 0 || actual == wanted; });
    if (!same) {
        throw Bug(fmt::format("{}: want [{}], got [{}]", name, fmt::join(want, ", "),
                              fmt::join(sizes.begin(), sizes.end(), ", ")));
    }
}

Tensor from_floats(std::span<const float> values, const std::vector<std::int64_t>& shape) {
    Tensor result = at::empty(shape, at::kFloat);
    require(result.numel() == static_cast<std::int64_t>(values.size()),
            "as many values as the shape holds");
    std::copy(values.begin(), values.end(), result.data_ptr<float>());
    return result;
}

Tensor holding(std::vector<float> values, const std::vector<std::int64_t>& shape) {
    const auto kept = std::make_shared<std::vector<float>>(std::move(values));
    Tensor result = at::from_blob(
        kept->data(), shape, [kept](void* /*data*/) {}, at::kFloat);
    require(result.numel() == std::ssize(*kept), "as many values as the shape holds");
    return result;
}

Tensor from_ints(std::span<const std::int64_t> values) {
    Tensor result = at::empty({static_cast<std::int64_t>(values.size())}, at::kLong);
    std::copy(values.begin(), values.end(), result.data_ptr<std::int64_t>());
    return result;
}

Tensor from_array(const io::Array& array) {
    return from_floats(array.as_float(), array.shape);
}

io::Array to_array(const Tensor& x) {
    const Tensor flat = x.detach().cpu().contiguous();
    const auto count = static_cast<std::size_t>(flat.numel());
    if (flat.scalar_type() == at::kLong) {
        const auto* values = flat.data_ptr<std::int64_t>();
        const std::vector<std::int32_t> narrow(values, values + count);
        return io::Array::of(std::span<const std::int32_t>(narrow), x.sizes().vec());
    }
    require(flat.scalar_type() == at::kFloat, "only float32 and int64 tensors are saved");
    return io::Array::of(std::span<const float>(flat.data_ptr<float>(), count), x.sizes().vec());
}

std::vector<std::int64_t> to_ints(const Tensor& x) {
    const Tensor flat = x.detach().cpu().to(at::kLong).contiguous();
    return {flat.data_ptr<std::int64_t>(), flat.data_ptr<std::int64_t>() + flat.numel()};
}

std::vector<double> to_doubles(const Tensor& x) {
    const Tensor flat = x.detach().cpu().to(at::kDouble).contiguous();
    return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

void set_threads(std::int64_t threads) {
    at::set_num_threads(threads > 0 ? static_cast<int>(threads) : usable_cpus());
}

std::int64_t threads() {
    return at::get_num_threads();
}

std::string library_version() {
    return fmt::format("LibTorch {}", TORCH_VERSION);
}

std::string arithmetic() {
    return fmt::format("{}{}{} threads", at::show_config(), blas(), threads());
}

}  // namespace promptcl::tensor

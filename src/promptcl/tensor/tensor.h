// Where LibTorch enters. Headers of the layers below see only this file.
#pragma once

#include "promptcl/io/array.h"

#include <ATen/core/Tensor.h>
#include <c10/core/GradMode.h>  // NoGradGuard: ATen.h of LibTorch 2.x leaves it out

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace promptcl {

using at::Tensor;

struct NamedTensor {
    std::string name;
    Tensor value;
};

}  // namespace promptcl

namespace promptcl::tensor {

/// Throws Bug naming the tensor, the wanted and the actual shape. -1 stands for any size.
void expect_shape(const Tensor& x, std::initializer_list<std::int64_t> want, std::string_view name);

/// A float32 tensor of its own with these values.
Tensor from_floats(std::span<const float> values, const std::vector<std::int64_t>& shape);
/// The same without a copy: the tensor keeps the values that it is given.
Tensor holding(std::vector<float> values, const std::vector<std::int64_t>& shape);
/// An int64 tensor [n] of its own.
Tensor from_ints(std::span<const std::int64_t> values);
/// Any numeric array as float32.
Tensor from_array(const io::Array& array);
/// A float32 or int64 tensor as an array (int64 is stored as int32).
io::Array to_array(const Tensor& x);
std::vector<std::int64_t> to_ints(const Tensor& x);
std::vector<double> to_doubles(const Tensor& x);

/// Threads for LibTorch's own loops; 0 asks for one for each of usable_cpus(). LibTorch 1.13
/// would take half of the machine's.
void set_threads(std::int64_t threads);
std::int64_t threads();
/// "LibTorch 1.13.1"
std::string library_version();
/// All that the last bits of a result may depend on beside the program: the build of LibTorch and
/// of its BLAS, the instruction sets they use, the numbers of threads. One text for one kind of
/// arithmetic.
std::string arithmetic();

}  // namespace promptcl::tensor

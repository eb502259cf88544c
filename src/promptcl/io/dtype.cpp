#include "promptcl/io/dtype.h"

#include "promptcl/core/error.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace promptcl::io {
namespace {

constexpr std::array kDTypes = {
    DType{"float32", 4, "f4", "F32"}, DType{"float16", 2, "f2", "F16"},
    DType{"float64", 8, "f8", "F64"}, DType{"bfloat16", 2, "", "BF16"},
    DType{"int64", 8, "i8", "I64"},   DType{"int32", 4, "i4", "I32"},
    DType{"int16", 2, "i2", "I16"},   DType{"int8", 1, "i1", "I8"},
    DType{"uint64", 8, "u8", "U64"},  DType{"uint32", 4, "u4", "U32"},
    DType{"uint16", 2, "u2", "U16"},  DType{"uint8", 1, "u1", "U8"},
    DType{"bool", 1, "b1", "BOOL"},
};

const DType* find_by(std::string_view DType::*field, std::string_view name) {
    const auto found = std::ranges::find(kDTypes, name, field);
    return name.empty() || found == kDTypes.end() ? nullptr : &*found;
}

}  // namespace

const DType* find_dtype(std::string_view name) {
    return find_by(&DType::name, name);
}

const DType& dtype_named(std::string_view name) {
    const DType* dtype = find_dtype(name);
    if (dtype == nullptr) throw Bug(fmt::format("no element type is called {}", name));
    return *dtype;
}

const DType* find_npy_dtype(std::string_view code) {
    return find_by(&DType::npy, code);
}
const DType* find_safetensors_dtype(std::string_view name) {
    return find_by(&DType::safetensors, name);
}

}  // namespace promptcl::io

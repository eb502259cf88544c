// The functions that lanes/ defines, once in each namespace PROMPTCL_LANES. No source of lanes/ may
// use an inline function of the standard library: compiled for AVX-512 here, it could be the copy
// that the linker keeps for the whole program.
#pragma once

#include "promptcl/engine/kernels.h"
#include "promptcl/engine/lanes/vector.h"

namespace promptcl::engine::PROMPTCL_LANES {

constexpr int kPanelVectors = 2;
constexpr int kPanel = kPanelVectors * kLanes;

void pack(const FixedMatrix& matrix, Turned turned, float* panels);
void multiply_packed(const PackedProduct& of, const ProductRows& rows, float* scratch);
void normalize(const float* x, std::int64_t rows, std::int64_t width, float* normal, float* rstd);
void normalize_backward(const float* d_normal, const float* normal, const float* rstd,
                        std::int64_t rows, std::int64_t width, float* dx);
void gelu(float* x, std::int64_t n, Gelu form);
void gelu_with_slope(float* x, float* slope, std::int64_t n, Gelu form);
void multiply(float* x, const float* y, std::int64_t n);
void attention(const Attention& of, float* out, std::int64_t out_stride, float* log_sum,
               float* scratch);
void attention_backward(const Attention& of, const AttentionGradient& gradient, float* scratch);
std::int64_t attention_scratch(const Attention& shape);
std::int64_t multiply_add(std::int64_t rounds, float* result);

}  // namespace promptcl::engine::PROMPTCL_LANES

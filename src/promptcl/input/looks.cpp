#include "promptcl/input/looks.h"

#include <ATen/ATen.h>

#include <vector>

namespace promptcl::input {
namespace {

/// Where the output coordinates read, each [B, S]: in[low] + (in[high] - in[low]) * fraction.
struct Taps {
    Tensor low, high;  // int64
    Tensor fraction;   // float32
    Tensor inside;     // float32: 1, or 0 where the output lies outside the picture
};

/// As data/resize.cpp has them: a part of `length` [B, 1] coordinates from `first` [B, 1] on of a
/// picture of `size`, for the output coordinates x [B or 1, S].
Taps taps(const Tensor& first, const Tensor& length, std::int64_t size, const Tensor& x) {
    const auto out = static_cast<double>(x.size(1));
    const Tensor in = length.to(at::kFloat);
    const Tensor scale = in / at::full_like(in, out);  // by a number, GPUs multiply by 1 / number
    const Tensor position = (x.to(at::kFloat) + 0.5) * scale - 0.5;
    const Tensor below = position.floor();
    const auto inside_part = [&](const Tensor& at) {
        return first + at::minimum(at.clamp_min(0), length - 1);
    };
    const Tensor low = inside_part(below.to(at::kLong)),
                 high = inside_part(below.to(at::kLong) + 1);
    return {.low = low.clamp(0, size - 1),
            .high = high.clamp(0, size - 1),
            .fraction = position - below,
            .inside = low.ge(0).logical_and(low.lt(size)).to(at::kFloat)};
}

/// Pictures [N, H, W, 3] read at the taps: [B, S, S, 3] float32, not divided.
Tensor sampled(const Tensor& pictures, const Tensor& rows, const Taps& y, const Taps& x) {
    const std::int64_t batch = rows.size(0), side = y.low.size(1);
    const Tensor pixels = pictures.reshape({-1, 3});
    const auto lines = [&](const Tensor& tap) {  // [B, S, 1]: the number of a line's first pixel
        return ((rows.unsqueeze(1) * pictures.size(1) + tap) * pictures.size(2)).unsqueeze(2);
    };
    const auto at_corner = [&](const Tensor& line, const Tensor& column) {
        const Tensor places = line + column.unsqueeze(1);  // [B, S, S]
        return pixels.index_select(0, places.flatten()).to(at::kFloat).view({batch, side, side, 3});
    };
    const Tensor across = x.fraction.unsqueeze(1).unsqueeze(3);
    const auto line_at = [&](const Tensor& tap) {
        const Tensor line = lines(tap), left = at_corner(line, x.low);
        return left + (at_corner(line, x.high) - left) * across;
    };
    const Tensor upper = line_at(y.low);
    return upper + (line_at(y.high) - upper) * y.fraction.unsqueeze(2).unsqueeze(3);
}

}  // namespace

Tensor squashed(const Tensor& pictures, const Tensor& rows, int side) {
    const Tensor all = at::arange(side, rows.options()).unsqueeze(0);
    const auto whole = [&](std::int64_t size) {
        const Tensor first = at::zeros({1, 1}, rows.options());
        Taps of_all = taps(first, at::full_like(first, static_cast<double>(size)), size, all);
        for (Tensor* part : {&of_all.low, &of_all.high, &of_all.fraction})
            *part = part->expand({rows.size(0), side});
        return of_all;
    };
    return sampled(pictures, rows, whole(pictures.size(1)), whole(pictures.size(2))).to(at::kByte);
}

Tensor looked_at(const Tensor& pictures, const Tensor& rows, std::span<const data::Look> looks,
                 int side) {
    std::vector<std::int64_t> numbers;
    for (const auto& [part, mirror] : looks) {
        numbers.insert(numbers.end(), {part.top, part.left, part.height, part.width,
                                       mirror == data::Mirror::kYes ? 1 : 0});
    }
    const Tensor drawn =
        tensor::from_ints(numbers).view({std::ssize(looks), 5}).to(pictures.device());
    const auto column = [&](std::int64_t i) { return drawn.narrow(1, i, 1); };
    const Tensor all = at::arange(side, drawn.options()).unsqueeze(0);
    const Tensor across = at::where(column(4).ne(0), side - 1 - all, all);
    const Taps y = taps(column(0), column(2), pictures.size(1), all),
               x = taps(column(1), column(3), pictures.size(2), across);
    const Tensor inside = y.inside.unsqueeze(2) * x.inside.unsqueeze(1);  // [B, S, S]
    const Tensor values = sampled(pictures, rows, y, x) / 255.0;
    return (values * inside.unsqueeze(3)).permute({0, 3, 1, 2}).contiguous();
}

}  // namespace promptcl::input

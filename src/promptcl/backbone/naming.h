// Where the arrays of the public .npz layout lie in files that name a ViT's arrays otherwise.
#pragma once

#include "promptcl/io/array.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace promptcl::backbone {

/// How the numbers of a public array lie in the file's array.
enum class Order {
    kSame,
    kFlat,        // a bias [n] for one of any shape
    kTransposed,  // [out, in] for a kernel [in..., out...]
    kConvolution  // [D, 3, p, p] for [p, p, 3, D]
};

/// One public array in a file.
struct Source {
    std::string name;  // as the file has it
    Order order = Order::kSame;
    std::int64_t part = 0, parts = 1;  // of arrays stacked along the first dimension
    std::size_t inputs =
        1;  // kTransposed: leading dimensions of the public kernel that it sums over
};

struct Scheme;  // a table of names

/// A file's way of naming arrays: the public one, timm's (`blocks.0.attn.qkv.weight`) or that of
/// Hugging Face (`encoder.layer.0.attention.attention.query.weight`), each of these two behind any
/// prefix such as "vit.".
/// Source: timm models/vision_transformer.py; transformers models/vit/modeling_vit.py.
class Naming {
  public:
    /// The naming of a file with these arrays, the public one when it is neither of the others.
    /// Throws Error, naming an array of each, for a file that holds two ViTs.
    static Naming of(const io::ArrayInfoMap& arrays, const std::string& file);

    Source source(const std::string& public_name) const;
    /// What the file's names of the arrays of block `index` begin with.
    std::string block_prefix(std::string_view index) const;
    /// Whether the shapes tell the number of heads: public kernels are [D, H, E], others [D, D].
    bool tells_heads() const { return scheme_ == nullptr; }

  private:
    Naming(const Scheme* scheme, std::string prefix);

    const Scheme* scheme_;  // null: the public naming
    std::string prefix_;
};

/// The shape that the file's array must have.
io::Shape shape_in_file(const Source& source, const io::Shape& public_shape);

/// The public array in `found`, an array of shape_in_file(); its numbers are moved, never rounded.
io::Array public_array(io::Array found, const Source& source, const io::Shape& public_shape);

}  // namespace promptcl::backbone

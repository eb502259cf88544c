// A pre-trained ViT in a file, .npz or .safetensors: what it must hold, and reading it.
#pragma once

#include "promptcl/backbone/geometry.h"
#include "promptcl/io/array.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace promptcl::backbone {

/// What a look at the names and shapes of a file tells, without its data.
struct Survey {
    Geometry geometry;
    std::int64_t grid = 0;  // patches a side that the position embedding was trained for
    std::vector<std::string>
        ignored;  // arrays that are not part of the frozen ViT (head, pre_logits, ...)
};

struct Checkpoint {
    Survey survey;
    io::ArrayMap arrays;  // the arrays of array_shapes(), no others, whatever the file calls them
    std::filesystem::path path;
};

/// Name and shape, in the public .npz layout, of every array of a ViT whose position embedding
/// covers grid x grid patches.
std::map<std::string, std::vector<std::int64_t>> array_shapes(const Geometry& geometry,
                                                              std::int64_t grid);

/// Recognises naming (backbone/naming.h) and geometry, and checks every array. `model_name` is a
/// variant's name, or "auto" to take what the file says. Throws Error naming the file and the first
/// array that is missing or mis-shaped, as the file calls it.
Survey survey(const std::filesystem::path& path, const std::string& model_name);

/// Reads all arrays of the ViT; same errors as survey().
Checkpoint read_checkpoint(const std::filesystem::path& path, const std::string& model_name);

/// Resizes a position embedding [1, from*from + 1, D] to a grid of to x to patches: the cls row is
/// kept, the patch rows are interpolated bilinearly with grid corners on grid corners
/// (scipy.ndimage.zoom, order 1, as the original does).
std::vector<float> resize_position_embedding(const std::vector<float>& rows, std::int64_t from,
                                             std::int64_t to);

}  // namespace promptcl::backbone

#include "promptcl/engine/tape.h"

#include "promptcl/engine/rows.h"

#include <algorithm>

namespace promptcl::engine {
namespace {

/// Carves what one block of R rows keeps, r of them behind its attention.
BlockTape carve(Carver& carver, const PackedVit& vit, std::int64_t R, std::int64_t r, bool last) {
    const std::int64_t width = vit.geometry.width;
    BlockTape tape{};
    tape.normal1 = carver.take(R * width);
    tape.rstd1 = carver.take(R);
    tape.query = last ? carver.take(r * width) : nullptr;
    tape.projections = carver.take(R * (last ? 2 : 3) * width);
    tape.mixed = carver.take(r * width);
    tape.normal2 = carver.take(r * width);
    tape.rstd2 = carver.take(r);
    return tape;
}

void carve_all(Carver carver, Tape& tape, const PackedVit& vit, const Layout& layout,
               std::int64_t& used) {
    const std::int64_t images = tape.images, read = images * layout.readout.count;
    tape.blocks.assign(layout.blocks.size(), {});
    for (auto i = static_cast<std::size_t>(layout.first); i < layout.blocks.size(); ++i) {
        const bool last = i + 1 == layout.blocks.size();
        const std::int64_t rows = images * layout.blocks[i].tokens, behind = last ? read : rows;
        tape.blocks[i] = carve(carver, vit, rows, behind, last);
        tape.blocks[i].log_sum = carver.take(behind * vit.geometry.heads);
        tape.blocks[i].slope = carver.take(behind * vit.geometry.mlp);
    }
    tape.first_projections = tape.blocks[static_cast<std::size_t>(layout.first)].projections;
    tape.normal = carver.take(read * vit.geometry.width);
    tape.rstd = carver.take(read);
    used = carver.used();
}

/// Floats that the attention kernels need in any block.
std::int64_t attention_floats(const PackedVit& vit, const Layout& layout) {
    std::int64_t most = 0;
    for (const BlockLayout& block : layout.blocks) {
        Attention attention{};
        attention.heads = vit.geometry.heads;
        attention.head_width = vit.geometry.head_width();
        attention.queries = attention.keys = block.tokens;
        attention.prefix = block.prefix;
        most = std::max(most, attention_scratch(attention));
    }
    return std::max(most, attention_scratch(attention_of_heads(vit, layout.longest())));
}

void carve_all(Carver carver, Workspace& space, const PackedVit& vit, const Layout& layout,
               std::int64_t images, std::int64_t& used) {
    const backbone::Geometry& geometry = vit.geometry;
    const std::int64_t rows = images * layout.longest(), width = geometry.width;
    space.x = carver.take(rows * width);
    space.other = carver.take(rows * width);
    space.hidden = carver.take(std::max(rows * std::max(geometry.mlp, 3 * width),
                                        2 * geometry.heads * width));  // attend_from_one_row()
    space.patches = carver.take(images * vit.patches * 3 * geometry.patch * geometry.patch);
    space.attention = carver.take(attention_floats(vit, layout));
    space.block = carve(carver, vit, rows, rows, /*last=*/false);
    space.block.query = carver.take(rows * width);
    used = carver.used();
}

}  // namespace

void Tape::prepare(const PackedVit& vit, const Layout& layout, std::int64_t count) {
    images = count;
    std::int64_t size = 0;
    carve_all(Carver(), *this, vit, layout, size);
    carve_all(Carver(memory.reserve(size)), *this, vit, layout, size);
}

void Workspace::prepare(const PackedVit& vit, const Layout& layout, std::int64_t count) {
    std::int64_t size = 0;
    carve_all(Carver(), *this, vit, layout, count, size);
    carve_all(Carver(memory.reserve(size)), *this, vit, layout, count, size);
}

}  // namespace promptcl::engine

#include "promptcl/engine/layout.h"

#include "promptcl/core/error.h"

#include <algorithm>

namespace promptcl::engine {

bool Layout::starts_with_prefix() const {
    return first < std::ssize(blocks) && blocks[static_cast<std::size_t>(first)].inserted == 0;
}

Layout layout_of(const Injection& injection, Readout readout, std::int64_t blocks,
                 std::int64_t tokens) {
    Layout layout{.blocks = std::vector<BlockLayout>(static_cast<std::size_t>(blocks)),
                  .first = blocks,
                  .insert_at = injection.after_cls ? 1 : 0,
                  .readout = {},
                  .cls_position = injection.cls_position};
    const auto at = [&](std::int64_t block) -> BlockLayout& {
        require(block >= 0 && block < blocks, "an injection lies in a block of the ViT");
        layout.first = std::min(layout.first, block);
        return layout.blocks[static_cast<std::size_t>(block)];
    };
    for (const Prepend& prepend : injection.prepends)
        at(prepend.block).inserted = prepend.rows;
    for (const Prefix& prefix : injection.prefixes)
        at(prefix.block).prefix = prefix.rows;
    std::int64_t prompts = 0;
    for (BlockLayout& block : layout.blocks) {
        prompts += block.inserted;
        block.tokens = tokens + prompts;
    }
    const std::int64_t cls = injection.after_cls ? 0 : prompts;
    switch (readout) {
        case Readout::kToken:
            layout.readout = {cls, 1};
            break;
        case Readout::kPrompt:
            layout.readout = {cls == 0 ? 1 : 0, prompts};
            break;
        case Readout::kTokenPrompt:
            layout.readout = {0, prompts + 1};
            break;
        case Readout::kGap:
            layout.readout = {0, tokens + prompts};
            break;
    }
    require(layout.readout.count > 0, "the prompts are read only where there are any");
    return layout;
}

}  // namespace promptcl::engine

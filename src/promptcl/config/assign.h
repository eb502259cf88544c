// One found value into the member it belongs to.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/config/settings.h"

#include <string_view>
#include <vector>

namespace promptcl::config {

/// All keys, in the order in which they are shown.
const std::vector<std::string_view>& keys();

/// Puts the value into its member. Throws UsageError naming key and place: an unknown key with the
/// nearest one, a value of another type, a word that is not among the key's choices.
void assign(Config& config, const Setting& setting);

}  // namespace promptcl::config

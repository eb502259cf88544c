// Which requests a browser may have been made to send by a page of somebody else.
#pragma once

#include "promptcl/serve/request.h"

namespace promptcl::serve {

/// Throws Refusal 403 for a request that a page of another host sent; with `only_local` also for
/// one to another host than this machine, which a name that was made to point here would be.
/// Requests of other programs than browsers name no origin.
void require_same_origin(const Request& request, bool only_local);

}  // namespace promptcl::serve

// The page to drop an image on.
#pragma once

#include "promptcl/serve/request.h"

namespace promptcl::serve {

/// page.html, with a policy that lets it load and run nothing but itself.
Reply page_reply();

}  // namespace promptcl::serve

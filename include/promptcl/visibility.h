/* What the shared libraries show to whoever links them. */
#pragma once

#define PROMPTCL_API __attribute__((visibility("default")))

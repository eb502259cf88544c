// Small pictures of images, for people.
#pragma once

#include "promptcl/data/image.h"

namespace promptcl::data {

/// The image with its longer side shrunk to `longest` pixels, each the mean of the part that it
/// covers; an image that is small enough stays as it is. (data/resize.h is for networks: it takes
/// four pixels however many it covers.)
Image thumbnail(ImageView image, int longest);

}  // namespace promptcl::data

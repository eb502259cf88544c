// draw_pictures FOLDER FIRST LAST: the drawn classes from FIRST up to LAST as picture files, 20 a
// class.
#include "tests/data/drawn_folders.h"

#include <cstdlib>

int main(int, char** argv) {
    const promptcl::data::DrawnFolders drawn(20, 1);
    drawn.write_train(argv[1], std::atoll(argv[2]), std::atoll(argv[3]));
}

// What `promptcl data COMMAND --help` says below the options.
#pragma once

#include <string_view>

namespace promptcl::cli::help {

inline constexpr std::string_view kData =
    R"(Example:
  promptcl data list
  promptcl data fetch cifar100
  promptcl data check data/cifar100
  promptcl data fetch ViT-B_16)";

inline constexpr std::string_view kDataList =
    R"(Example:
  promptcl data list
  promptcl data list --json

Writes no file.)";

inline constexpr std::string_view kDataFetch =
    R"(Example:
  promptcl data fetch cifar100
  promptcl data fetch five_datasets --to datasets
  promptcl data fetch cifar100 --mirror http://fileserver/cifar

Takes the files from their authors' own addresses and compares size and checksum with the published
ones. They are read as they come: nothing needs to be unpacked. Ctrl-C or a broken connection leaves
NAME.part, and the same command goes on from there. A proxy is taken from http_proxy, https_proxy
and no_proxy.

Writes into FOLDER/NAME. docs/data.md has the layout of each data set.)";

inline constexpr std::string_view kDataCheck =
    R"(Example:
  promptcl data check data/cifar100
  promptcl data check data/ViT-B_16/ViT-B_16.npz
  promptcl data check my_images --dataset image_folder --json

Compares the files with their published checksums, reads everything, and prints the classes, the
images of both splits and why a file is skipped. The exit code is 1 when something is missing or
other than published, 3 when it cannot be read. Writes no file.)";

}  // namespace promptcl::cli::help

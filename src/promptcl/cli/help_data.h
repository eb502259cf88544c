// What `promptcl data COMMAND --help` says below the options.
#pragma once

#include <string_view>

namespace promptcl::cli::help {

inline constexpr std::string_view kData =
    R"(Example:
  promptcl data list
  promptcl data fetch cifar100
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

}  // namespace promptcl::cli::help

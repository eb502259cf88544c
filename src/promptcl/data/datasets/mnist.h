// MNIST and the data sets that copy its files.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"

#include <filesystem>

namespace promptcl::data {

/// Each reads train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
/// t10k-labels-idx1-ubyte from config.data_dir, compressed (.gz) or not, the first dash also
/// written as in train-images.idx3-ubyte. They may lie in a sub-folder as torchvision keeps them,
/// for instance MNIST/raw. Grey becomes RGB. UsageError without data_dir; Error naming the file
/// that is missing, damaged, of another type, or does not match its labels.

/// Digits. Source: http://yann.lecun.com/exdb/mnist/.
DataSource open_mnist(const config::Config& config);
/// Clothing. Source: https://github.com/zalandoresearch/fashion-mnist.
DataSource open_fashion_mnist(const config::Config& config);
/// Cursive hiragana. Source: https://github.com/rois-codh/kmnist.
DataSource open_kmnist(const config::Config& config);
/// Letters A to J. Source: https://github.com/davidflanagan/notMNIST-to-MNIST.
DataSource open_not_mnist_idx(const config::Config& config);
/// Whether `folder` holds the files of open_not_mnist_idx().
bool has_not_mnist_idx(const std::filesystem::path& folder);

}  // namespace promptcl::data

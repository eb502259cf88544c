// Data sets in their true file formats, with as many images of each class as wanted. The images of
// class c are of the one colour 20 c, cut to a byte.
#pragma once

#include "tests/support/temporary_folder.h"

#include <string>

namespace promptcl::data {

struct ImagesPerClass {
    int train = 1;
    int test = 1;
};

/// cifar-10-python.tar.gz, as distributed but for the number of images. `folder` is one in `root`.
void write_cifar10(const TemporaryFolder& root, const std::string& folder, ImagesPerClass images);
/// cifar-100-binary/train.bin and test.bin.
void write_cifar100(const TemporaryFolder& root, const std::string& folder, ImagesPerClass images);
/// The four files of MNIST and of those that copy its form, compressed.
void write_mnist(const TemporaryFolder& root, const std::string& folder, ImagesPerClass images);
/// notMNIST_small.tar.gz: of each letter as many as both splits take, which are drawn one in five.
void write_not_mnist(const TemporaryFolder& root, const std::string& folder, ImagesPerClass images);
/// train_32x32.mat and test_32x32.mat, compressed.
void write_svhn(const TemporaryFolder& root, const std::string& folder, ImagesPerClass images);
/// core50_128x128: one frame of each of the 50 objects in each of the 11 sessions.
void write_core50(const TemporaryFolder& root, const std::string& folder);
/// imagenet-r: 200 classes, of each as many as both splits take, which are drawn one in five.
void write_imagenet_r(const TemporaryFolder& root, const std::string& folder,
                      ImagesPerClass images);
/// A folder a class, in each 15 pictures, of which three are drawn for testing.
void write_image_folder(const TemporaryFolder& root, const std::string& folder, int classes);

}  // namespace promptcl::data

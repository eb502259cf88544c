// JPEG files as TensorFlow decodes and encodes them; tests/golden/README.md says how its numbers
// were made.
#include "promptcl/data/jpeg.h"

#include "promptcl/data/image_file.h"
#include "promptcl/data/transform.h"
#include "promptcl/io/npz.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace promptcl::data {
namespace {

class TensorFlowJpeg : public testing::Test {
  protected:
    std::vector<std::byte> bytes(const std::string& array) const {
        const auto values = golden_.at(array).as_int();
        std::vector<std::byte> result;
        for (const auto value : values)
            result.push_back(static_cast<std::byte>(value));
        return result;
    }
    Image image(const std::string& array) const {
        const auto& shape = golden_.at(array).shape;
        Image result{.height = static_cast<int>(shape[0]), .width = static_cast<int>(shape[1])};
        for (const auto value : golden_.at(array).as_int())
            result.rgb.push_back(static_cast<std::uint8_t>(value));
        return result;
    }

    io::ArrayMap golden_ = io::read_npz(PROMPTCL_SOURCE_DIR "/tests/golden/tensorflow_jpeg.npz");
};

TEST_F(TensorFlowJpeg, IsDecodedWithTheSamePixelsByEitherTransform) {
    const auto file = bytes("jpeg");
    EXPECT_EQ(decode_image(file, "x", JpegDct::kFast).rgb, image("fast").rgb);
    EXPECT_EQ(decode_image(file, "x", JpegDct::kAccurate).rgb, image("accurate").rgb);
    EXPECT_NE(image("fast").rgb, image("accurate").rgb);
}

TEST_F(TensorFlowJpeg, IsDecodedAccuratelyUnlessToldOtherwise) {
    EXPECT_EQ(decode_image(bytes("jpeg"), "x").rgb, image("accurate").rgb);
    EXPECT_EQ(jpeg_dct({}), JpegDct::kAccurate);
    EXPECT_EQ(jpeg_dct({.jpeg_dct = "fast"}), JpegDct::kFast);
}

TEST_F(TensorFlowJpeg, IsWrittenSoThatTheSamePixelsComeBack) {
    const auto file = encode_jpeg(image("image").view(), 95);
    EXPECT_EQ(decode_image(file, "x", JpegDct::kFast).rgb, image("through").rgb);
}

// The training transform of an image that has been through the JPEG already, without train_jpeg, is
// that of the image itself with it.
TEST_F(TensorFlowJpeg, LiesBetweenResizingAndCroppingOfTrainingImagesOnly) {
    const Image source = image("image");
    config::Images with{.input_size = 72, .resize_size = 80, .train_jpeg = true};
    config::Images without = with;
    without.train_jpeg = false;
    const Image square = resize(source.view(), 80, 80);
    const Image through = decode_image(encode_jpeg(square.view(), 95), "x", JpegDct::kFast);
    const auto trained = [](const config::Images& images, const Image& image) {
        const Transform transform(images);
        std::vector<float> pixels(static_cast<std::size_t>(transform.output_size()));
        transform.train(image.view(), Rng(3), pixels);
        return pixels;
    };
    const auto evaluated = [](const config::Images& images, const Image& image) {
        const Transform transform(images);
        std::vector<float> pixels(static_cast<std::size_t>(transform.output_size()));
        transform.evaluate(image.view(), pixels);
        return pixels;
    };
    EXPECT_EQ(trained(with, source), trained(without, through));
    EXPECT_NE(trained(with, source), trained(without, source));
    EXPECT_EQ(evaluated(with, source), evaluated(without, source));
}

TEST_F(TensorFlowJpeg, IsNotForSmallInputsWhichAreNeverResized) {
    config::Images with{.input_size = 32, .resize_size = 256, .train_jpeg = true};
    config::Images without = with;
    without.train_jpeg = false;
    const auto trained = [&](const config::Images& images) {
        const Transform transform(images);
        std::vector<float> pixels(static_cast<std::size_t>(transform.output_size()));
        transform.train(image("image").view(), Rng(3), pixels);
        return pixels;
    };
    EXPECT_EQ(trained(with), trained(without));
}

}  // namespace
}  // namespace promptcl::data

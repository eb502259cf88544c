#include "promptcl/data/image_file.h"

#include "promptcl/core/error.h"

#include "tests/data/picture_files.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace promptcl::data {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int kJpegRounding = 3;  // of 255: the colour conversions there and back

Image decode(const std::string& contents) {
    return decode_image(std::as_bytes(std::span(contents)), "picture");
}

void expect_flat(const Image& image, int red, int green, int blue, int tolerance) {
    ASSERT_FALSE(image.rgb.empty());
    ASSERT_EQ(image.rgb.size(), static_cast<std::size_t>(image.height * image.width * 3));
    for (std::size_t i = 0; i < image.rgb.size(); i += 3) {
        ASSERT_NEAR(image.rgb[i], red, tolerance);
        ASSERT_NEAR(image.rgb[i + 1], green, tolerance);
        ASSERT_NEAR(image.rgb[i + 2], blue, tolerance);
    }
}

std::string message_of(const std::string& contents) {
    try {
        decode(contents);
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

TEST(Jpeg, KeepsHeightWidthAndColour) {
    const auto image = decode(flat_jpeg(JpegKind::kRgb, 5, 9, {200, 100, 50}));
    EXPECT_EQ(image.height, 5);
    EXPECT_EQ(image.width, 9);
    expect_flat(image, 200, 100, 50, kJpegRounding);
}

TEST(Jpeg, TurnsGreyIntoThreeEqualChannels) {
    expect_flat(decode(flat_jpeg(JpegKind::kGrey, 4, 4, {77})), 77, 77, 77, kJpegRounding);
}

TEST(Jpeg, TurnsInkIntoLight) {
    // 20 % cyan, no magenta, all yellow, no black.
    expect_flat(decode(flat_jpeg(JpegKind::kCmyk, 4, 4, {51, 0, 255, 0})), 204, 255, 0,
                kJpegRounding);
    // Half black halves what the other inks leave over.
    expect_flat(decode(flat_jpeg(JpegKind::kCmyk, 4, 4, {51, 0, 255, 127})), 102, 128, 0,
                kJpegRounding);
}

TEST(Jpeg, ReadsTheInvertedInkOfAdobeFiles) {
    for (const auto kind : {JpegKind::kAdobeCmyk, JpegKind::kAdobeYcck}) {
        expect_flat(decode(flat_jpeg(kind, 4, 4, {204, 255, 0, 255})), 204, 255, 0, kJpegRounding);
        expect_flat(decode(flat_jpeg(kind, 4, 4, {204, 255, 0, 128})), 102, 128, 0, kJpegRounding);
    }
}

TEST(Jpeg, ThatEndsEarlyIsAnError) {
    const auto whole = flat_jpeg(JpegKind::kRgb, 64, 64, {1, 200, 3});
    for (const double share : {0.1, 0.5, 0.9}) {
        const auto cut =
            whole.substr(0, static_cast<std::size_t>(share * static_cast<double>(whole.size())));
        EXPECT_THROW(decode(cut), Error) << share;
    }
}

TEST(Jpeg, WithGarbageInItsDataIsAnError) {
    auto contents = flat_jpeg(JpegKind::kRgb, 64, 64, {1, 200, 3});
    std::fill(contents.end() - 60, contents.end() - 2, '\xfd');
    EXPECT_THROW(decode(contents), Error);
}

TEST(Png, ReadsRowsAndColumnsInOrder) {
    const auto image =
        decode(png_of(PngKind::kRgb, 2, {{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}}));
    EXPECT_EQ(image.height, 2);
    EXPECT_EQ(image.width, 2);
    EXPECT_THAT(image.rgb, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
}

TEST(Png, ReadsInterlacedFiles) {
    const auto image =
        decode(png_of(PngKind::kRgbInterlaced, 2, {{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}}));
    EXPECT_THAT(image.rgb, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
}

TEST(Png, TurnsGreyIntoThreeEqualChannels) {
    EXPECT_THAT(decode(png_of(PngKind::kGrey, 2, {{10, 20}})).rgb,
                ElementsAre(10, 10, 10, 20, 20, 20));
    EXPECT_THAT(decode(png_of(PngKind::kGrey1Bit, 2, {{0b01000000}})).rgb,
                ElementsAre(0, 0, 0, 255, 255, 255));
}

TEST(Png, KeepsTheUpperHalfOf16Bits) {
    EXPECT_THAT(decode(png_of(PngKind::kGrey16Bit, 1, {{100, 100}})).rgb,
                ElementsAre(100, 100, 100));
    EXPECT_THAT(decode(png_of(PngKind::kRgb16Bit, 1, {{10, 10, 20, 20, 30, 30}})).rgb,
                ElementsAre(10, 20, 30));
}

TEST(Png, PutsTransparentPartsOnWhite) {
    EXPECT_THAT(
        decode(png_of(PngKind::kRgba, 3, {{10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 255, 51}})).rgb,
        ElementsAre(10, 20, 30, 255, 255, 255, 204, 224, 255));
    EXPECT_THAT(decode(png_of(PngKind::kGreyAlpha, 2, {{50, 255, 50, 0}})).rgb,
                ElementsAre(50, 50, 50, 255, 255, 255));
}

TEST(Png, LooksUpPalettes) {
    EXPECT_THAT(decode(png_of(PngKind::kPalette, 2, {{0, 2}})).rgb,
                ElementsAre(255, 0, 0, 0, 0, 255));
    EXPECT_THAT(decode(png_of(PngKind::kPaletteTransparent, 2, {{0, 2}})).rgb,
                ElementsAre(255, 255, 255, 0, 0, 255));
}

TEST(Png, ThatEndsEarlyIsAnErrorWhereverItEnds) {
    const auto whole = flat_png(8, 8, 1, 2, 3);
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_THROW(decode(whole.substr(0, size)), Error) << size;
}

TEST(Png, WithAFlippedBitInItsPixelsIsAnError) {
    auto contents = flat_png(8, 8, 1, 2, 3);
    contents[contents.find("IDAT") + 8] ^= 1;
    EXPECT_THAT(message_of(contents), HasSubstr("IDAT"));
}

TEST(Png, OfAbsurdSizeIsRefusedBeforeMemoryIsTaken) {
    // A header that claims 1,000,000 x 1,000,000 pixels, with its CRC.
    const std::string contents(
        "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\x0f\x42\x40\0\x0f\x42\x40\x08\x02\0\0\0\xd3\x0f\xaf\x2a",
        33);
    EXPECT_THROW(decode(contents), Error);
}

TEST(ReadImage, TellsTheKindByTheContentsNotTheName) {
    const TemporaryFolder folder;
    EXPECT_EQ(read_image(folder.write("picture.jpg", flat_png(2, 3, 9, 9, 9))).width, 3);
    EXPECT_EQ(
        read_image(folder.write("picture.png", flat_jpeg(JpegKind::kRgb, 2, 3, {9, 9, 9}))).width,
        3);
}

TEST(ReadImage, NamesTheFileThatIsNoPicture) {
    const TemporaryFolder folder;
    const auto path = folder.write("notes.png", "not a picture at all");
    try {
        read_image(path);
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr(path.string()));
        EXPECT_THAT(error.what(), HasSubstr("neither a JPEG nor a PNG"));
    }
    EXPECT_THAT(message_of(""), HasSubstr("empty"));
    EXPECT_THROW(read_image(folder.path() / "missing.png"), Error);
    EXPECT_THROW(read_image(folder.path()), Error);
}

}  // namespace
}  // namespace promptcl::data

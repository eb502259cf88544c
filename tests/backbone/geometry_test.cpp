// The variants by name and shape.
#include "promptcl/backbone/geometry.h"

#include "promptcl/backbone/checkpoint.h"
#include "promptcl/config/choices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::backbone {
namespace {

using ::testing::ElementsAre;

struct Row {
    std::string name;
    std::int64_t patch, width, mlp, heads, blocks;
    double dropout;
};

/// Spec section 1.
const std::vector<Row> kTable = {
    {"ViT-Ti_16", 16, 192, 768, 3, 12, 0},     {"ViT-S_16", 16, 384, 1536, 6, 12, 0},
    {"ViT-B_16", 16, 768, 3072, 12, 12, 0},    {"ViT-B_32", 32, 768, 3072, 12, 12, 0},
    {"ViT-B_16_2X2", 2, 768, 3072, 12, 12, 0}, {"ViT-B_16_4X4", 4, 768, 3072, 12, 12, 0},
    {"ViT-L_16", 16, 1024, 4096, 16, 24, 0.1}, {"ViT-L_32", 32, 1024, 4096, 16, 24, 0},
    {"ViT-H_14", 14, 1280, 5120, 16, 32, 0.1}, {"testing", 16, 10, 10, 2, 1, 0.1}};

TEST(Variants, AreThoseOfTheOriginalCode) {
    ASSERT_EQ(variants().size(), kTable.size());
    for (const Row& row : kTable) {
        const Geometry* found = find_variant(row.name);
        ASSERT_NE(found, nullptr) << row.name;
        EXPECT_EQ(found->patch, row.patch) << row.name;
        EXPECT_EQ(found->width, row.width) << row.name;
        EXPECT_EQ(found->mlp, row.mlp) << row.name;
        EXPECT_EQ(found->heads, row.heads) << row.name;
        EXPECT_EQ(found->blocks, row.blocks) << row.name;
        EXPECT_EQ(found->dropout, row.dropout) << row.name;
    }
    EXPECT_EQ(find_variant("ViT-B_17"), nullptr);
}

TEST(Variants, AreWhatTheConfigurationOffersBesidesAuto) {
    std::vector<std::string_view> names = {"auto"};
    for (const Geometry& variant : variants())
        names.push_back(variant.name);
    EXPECT_EQ(config::choices("model_name"), names);
}

TEST(Variants, AreRecognisedByTheirShapeWhateverTheDropout) {
    for (const Geometry& variant : variants()) {
        Geometry shape = variant;
        shape.name = "?";
        shape.dropout = 0.5;
        const Geometry* found = find_variant_of_shape(shape);
        ASSERT_NE(found, nullptr) << variant.name;
        EXPECT_EQ(found->name, variant.name);
    }
}

TEST(ArrayShapes, AreThoseOfThePublicLayout) {
    const auto shapes = array_shapes(*find_variant("ViT-B_16"), 14);
    EXPECT_THAT(shapes.at("embedding/kernel"), ElementsAre(16, 16, 3, 768));
    EXPECT_THAT(shapes.at("embedding/bias"), ElementsAre(768));
    EXPECT_THAT(shapes.at("cls"), ElementsAre(1, 1, 768));
    EXPECT_THAT(shapes.at("Transformer/posembed_input/pos_embedding"), ElementsAre(1, 197, 768));
    EXPECT_THAT(shapes.at("Transformer/encoder_norm/scale"), ElementsAre(768));
    const std::string block = "Transformer/encoderblock_11/";
    const std::string attention = block + "MultiHeadDotProductAttention_1/";
    EXPECT_THAT(shapes.at(block + "LayerNorm_0/scale"), ElementsAre(768));
    EXPECT_THAT(shapes.at(block + "LayerNorm_2/bias"), ElementsAre(768));
    EXPECT_THAT(shapes.at(attention + "query/kernel"), ElementsAre(768, 12, 64));
    EXPECT_THAT(shapes.at(attention + "value/bias"), ElementsAre(12, 64));
    EXPECT_THAT(shapes.at(attention + "out/kernel"), ElementsAre(12, 64, 768));
    EXPECT_THAT(shapes.at(attention + "out/bias"), ElementsAre(768));
    EXPECT_THAT(shapes.at(block + "MlpBlock_3/Dense_0/kernel"), ElementsAre(768, 3072));
    EXPECT_THAT(shapes.at(block + "MlpBlock_3/Dense_1/kernel"), ElementsAre(3072, 768));
}

TEST(ArrayShapes, HoldTheKnownNumberOfParametersOfEachVariant) {
    // patch^2*3*D + D (embedding) + D (cls) + 197*D (position) + 2*D (encoder_norm)
    // + blocks * (4*D^2 + 4*D (attention) + 2*D*F + D + F (MLP) + 4*D (norms))
    const auto count = [](const std::string& name, std::int64_t grid) {
        std::int64_t sum = 0;
        for (const auto& [_, shape] : array_shapes(*find_variant(name), grid)) {
            std::int64_t product = 1;
            for (const std::int64_t size : shape)
                product *= size;
            sum += product;
        }
        return sum;
    };
    EXPECT_EQ(count("ViT-B_16", 14), 85798656);   // 86 M, as published for ViT-B without head
    EXPECT_EQ(count("ViT-Ti_16", 14), 5524416);   // 5.5 M
    EXPECT_EQ(count("ViT-L_16", 14), 303301632);  // 303 M
    for (const Geometry& variant : variants()) {
        const std::int64_t d = variant.width, f = variant.mlp, p = variant.patch;
        EXPECT_EQ(count(variant.name, 3),
                  p * p * 3 * d + d + d + 10 * d + 2 * d +
                      variant.blocks * (4 * d * d + 4 * d + 2 * d * f + d + f + 4 * d))
            << variant.name;
    }
}

}  // namespace
}  // namespace promptcl::backbone

// ViTs in .safetensors under the names of timm and of Hugging Face.
#include "promptcl/backbone/checkpoint.h"
#include "promptcl/core/error.h"
#include "promptcl/io/half.h"
#include "promptcl/io/npz.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_vit.h"
#include "tests/support/torch_named_vit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstring>

namespace promptcl::backbone {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

io::Array zeros(const io::Shape& shape) {
    std::int64_t count = 1;
    for (const std::int64_t size : shape)
        count *= size;
    return io::Array::of(std::vector<float>(static_cast<std::size_t>(count)), shape);
}

/// The same numbers in 16 bits each.
template <class Convert>
io::ArrayMap narrowed(const io::ArrayMap& arrays, const std::string& dtype, Convert convert) {
    io::ArrayMap result;
    for (const auto& [name, array] : arrays) {
        io::Array narrow{dtype, array.shape, {}};
        for (const float value : array.as_float()) {
            const std::uint16_t bits = convert(value);
            const auto* bytes = reinterpret_cast<const std::byte*>(&bits);
            narrow.bytes.insert(narrow.bytes.end(), bytes, bytes + sizeof(bits));
        }
        result[name] = std::move(narrow);
    }
    return result;
}

io::ArrayMap as_float16(const io::ArrayMap& arrays) {
    return narrowed(arrays, "float16", io::float_to_half);
}

io::ArrayMap as_bfloat16(const io::ArrayMap& arrays) {
    return narrowed(arrays, "bfloat16", [](float value) {
        return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16);
    });
}

class TorchNames : public ::testing::Test {
  protected:
    std::filesystem::path file(const io::ArrayMap& arrays) const {
        return folder_.write("vit.safetensors", support::safetensors_bytes(arrays));
    }
    std::string refusal(const io::ArrayMap& arrays, const std::string& model_name = "auto") const {
        const auto path = file(arrays);
        const std::string surveyed = message_of<Error>([&] { survey(path, model_name); });
        EXPECT_EQ(message_of<Error>([&] { read_checkpoint(path, model_name); }), surveyed);
        EXPECT_THAT(surveyed, HasSubstr(path.string()));
        return surveyed;
    }
    /// Each naming of the same weights.
    std::vector<io::ArrayMap> namings(const Checkpoint& vit) const {
        return {support::timm_arrays(vit), support::hugging_face_arrays(vit, ""),
                support::hugging_face_arrays(vit, "vit.")};
    }

    TemporaryFolder folder_;
    Checkpoint vit_ = support::random_checkpoint(support::tiny_torch_geometry(), 2, Rng(7));
    io::ArrayMap timm_ = support::timm_arrays(vit_);
    io::ArrayMap hugging_face_ = support::hugging_face_arrays(vit_, "vit.");
};

TEST_F(TorchNames, GiveTheArraysOfThePublicLayoutBitForBit) {
    for (const auto& arrays : namings(vit_)) {
        const Checkpoint read = read_checkpoint(file(arrays), "auto");
        EXPECT_EQ(read.arrays, vit_.arrays);
        EXPECT_TRUE(read.survey.ignored.empty());
    }
}

TEST_F(TorchNames, GiveTheGeometryAndTheHeadsThatAViTOfThatWidthHas) {
    for (const auto& arrays : namings(vit_)) {
        const Survey found = survey(file(arrays), "auto");
        EXPECT_EQ(found.geometry.name, "unlisted");
        EXPECT_TRUE(found.geometry.same_shape(support::tiny_torch_geometry()));
        EXPECT_EQ(found.grid, 2);
    }
}

TEST_F(TorchNames, GiveAListedVitItsName) {
    const Checkpoint listed = support::random_checkpoint(*find_variant("testing"), 3, Rng(1));
    for (const auto& arrays : namings(listed)) {
        for (const std::string name : {"auto", "testing"})
            EXPECT_EQ(survey(file(arrays), name).geometry.name, "testing");
        EXPECT_THAT(refusal(arrays, "ViT-B_16"), HasSubstr("model_name = \"testing\""));
    }
}

TEST_F(TorchNames, HoldInAnNpzAndPublicNamesInSafetensors) {
    io::write_npz(folder_.path() / "timm.npz", timm_);
    EXPECT_EQ(read_checkpoint(folder_.path() / "timm.npz", "auto").arrays, vit_.arrays);
    EXPECT_EQ(read_checkpoint(file(vit_.arrays), "auto").arrays, vit_.arrays);
}

TEST_F(TorchNames, KeepSixteenBitNumbersAsTheyAre) {
    EXPECT_EQ(read_checkpoint(file(as_float16(timm_)), "auto").arrays, as_float16(vit_.arrays));
    EXPECT_EQ(read_checkpoint(file(as_bfloat16(hugging_face_)), "auto").arrays,
              as_bfloat16(vit_.arrays));
}

TEST_F(TorchNames, LeaveOutHeadsAndPoolersWithANote) {
    timm_["head.weight"] = zeros({5, 10});
    timm_["fc_norm.weight"] = zeros({10});
    EXPECT_THAT(survey(file(timm_), "auto").ignored, ElementsAre("fc_norm.weight", "head.weight"));
    hugging_face_["classifier.bias"] = zeros({5});
    hugging_face_["vit.pooler.dense.weight"] = zeros({10, 10});
    const Checkpoint read = read_checkpoint(file(hugging_face_), "auto");
    EXPECT_THAT(read.survey.ignored, ElementsAre("classifier.bias", "vit.pooler.dense.weight"));
    EXPECT_EQ(read.arrays, vit_.arrays);
}

TEST_F(TorchNames, AreSaidOfAnArrayThatIsMissing) {
    for (const std::string name :
         {"patch_embed.proj.weight", "cls_token", "pos_embed", "blocks.0.norm1.bias",
          "blocks.1.norm1.weight", "blocks.2.attn.qkv.weight", "norm.bias"}) {
        io::ArrayMap arrays = timm_;
        arrays.erase(name);
        EXPECT_THAT(refusal(arrays), HasSubstr("holds no array " + name + ";"));
    }
    for (const std::string name :
         {"vit.embeddings.patch_embeddings.projection.weight", "vit.embeddings.position_embeddings",
          "vit.encoder.layer.1.attention.attention.key.bias", "vit.layernorm.weight"}) {
        io::ArrayMap arrays = hugging_face_;
        arrays.erase(name);
        EXPECT_THAT(refusal(arrays), HasSubstr("holds no array " + name + ";"));
    }
}

TEST_F(TorchNames, AreSaidOfAMisshapedArrayWithBothShapesAsTheFileHasThem) {
    const auto refused = [&](io::ArrayMap arrays, const std::string& name, const io::Shape& shape) {
        arrays[name] = zeros(shape);
        return refusal(arrays);
    };
    EXPECT_THAT(refused(timm_, "blocks.1.attn.qkv.weight", {20, 10}),
                AllOf(HasSubstr("blocks.1.attn.qkv.weight has shape [20, 10]"),
                      HasSubstr("needs [30, 10]")));
    EXPECT_THAT(refused(timm_, "blocks.2.attn.proj.weight", {10, 9}), HasSubstr("needs [10, 10]"));
    EXPECT_THAT(refused(timm_, "blocks.2.mlp.fc2.weight", {12, 10}), HasSubstr("needs [10, 12]"));
    EXPECT_THAT(refused(timm_, "patch_embed.proj.weight", {10, 3, 4, 5}),
                HasSubstr("array patch_embed.proj.weight"));
    EXPECT_THAT(refused(timm_, "pos_embed", {1, 7, 10}), HasSubstr("array pos_embed has 7 rows"));
    EXPECT_THAT(refused(hugging_face_, "vit.encoder.layer.0.output.dense.bias", {10, 1}),
                HasSubstr("array vit.encoder.layer.0.output.dense.bias has shape [10, 1]"));
}

TEST_F(TorchNames, AreNotMixedInOneFile) {
    io::ArrayMap both = timm_;
    both.insert(hugging_face_.begin(), hugging_face_.end());
    EXPECT_THAT(refusal(both), HasSubstr("two ViTs"));

    io::ArrayMap blocks = hugging_face_;
    for (const auto& [name, array] : timm_) {
        if (name.starts_with("blocks.")) blocks[name] = array;
    }
    EXPECT_THAT(refusal(blocks),
                AllOf(HasSubstr("blocks.0.norm1.bias"),
                      HasSubstr("vit.embeddings.patch_embeddings.projection.weight")));
}

TEST_F(TorchNames, DoNotTellTheHeadsOfAnUnknownWidth) {
    const Checkpoint odd = support::tiny_checkpoint(1);
    for (const auto& arrays : namings(odd))
        EXPECT_THAT(refusal(arrays), AllOf(HasSubstr("how many heads"), HasSubstr("width, 8")));
}

}  // namespace
}  // namespace promptcl::backbone

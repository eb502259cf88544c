// Methods over a frozen ViT that is not the plain one, and what asks for the plain one.
#include "promptcl/config/load.h"
#include "promptcl/core/error.h"
#include "promptcl/method/freeze_part.h"
#include "promptcl/method/method.h"
#include "promptcl/method/trained_vit.h"
#include "promptcl/train/gradient_step.h"

#include "tests/support/message_of.h"
#include "tests/support/other_vit.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::method {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Optional;

using Ids = std::vector<std::int64_t>;

constexpr std::int64_t kClasses = 4;

config::Config defaults_of(const std::string& method) {
    auto config = config::method_defaults(method);
    config.images.input_size = support::kTinyImage;
    return config;
}

std::unique_ptr<Method> method_over(std::shared_ptr<const vit::FrozenVit> backbone,
                                    const config::Config& config) {
    return make_method(config, std::move(backbone), kClasses, Rng(5));
}

TrainingBatch three_images() {
    return {.images = support::tiny_images(3, 4), .labels = tensor::from_ints(Ids{1, 3, 0})};
}

TEST(FrozenVit, MayBeAnotherThanThePlainOneWithTheSameResult) {
    const auto plain = support::tiny_backbone(3);
    for (const auto& config :
         {support::tiny_l2p(), support::tiny_dualprompt(), defaults_of("ft_seq_frozen")}) {
        const auto one = method_over(plain, config);
        const auto other = method_over(std::make_shared<support::OtherVit>(plain), config);
        const auto expected = train::gradients_of(*one, {three_images()});
        const auto actual = train::gradients_of(*other, {three_images()});
        EXPECT_EQ(actual.stats.loss, expected.stats.loss) << config.method;
        ASSERT_EQ(actual.values.size(), expected.values.size());
        for (std::size_t i = 0; i < actual.values.size(); ++i)
            EXPECT_TRUE(at::equal(actual.values[i], expected.values[i])) << config.method;
    }
}

TEST(FrozenVit, ThatIsNotThePlainOneIsRefusedWhereThePlainOneIsNeeded) {
    const auto other = std::make_shared<support::OtherVit>(support::tiny_backbone(3));
    for (const auto* method : {"ft_seq", "joint", "ewc", "lwf", "er"}) {
        EXPECT_THAT(message_of<UsageError>([&] { method_over(other, defaults_of(method)); }),
                    AllOf(HasSubstr("\"other\""), HasSubstr("freeze_part"), HasSubstr("plain")))
            << method;
    }
    EXPECT_NE(method_over(other, defaults_of("ncm")), nullptr);
}

TEST(NeedsPlain, NamesWhatNoOtherBackboneCanDo) {
    auto geometry = support::tiny_geometry();
    for (const auto* method : {"l2p", "dualprompt", "ft_seq_frozen", "linear_probe", "ncm"})
        EXPECT_EQ(needs_plain(defaults_of(method), geometry), std::nullopt) << method;
    auto config = support::tiny_l2p();
    config.grad_clip_scope = "all";
    EXPECT_THAT(needs_plain(config, geometry), Optional(HasSubstr("grad_clip_scope")));
    config.freeze_part = {"Transformer"};
    EXPECT_THAT(needs_plain(config, geometry), Optional(HasSubstr("freeze_part")));
    geometry.dropout = 0.1;
    EXPECT_THAT(needs_plain(support::tiny_l2p(), geometry), Optional(HasSubstr("dropout")));
    config.method = "ncm";  // has no gradient, whatever the keys say
    EXPECT_EQ(needs_plain(config, geometry), std::nullopt);
}

TEST(TrainedWeights, AreThoseThatNoWordOfFreezePartNames) {
    const auto geometry = support::tiny_geometry();
    EXPECT_THAT(trained_weights(support::tiny_l2p(), geometry), IsEmpty());
    EXPECT_THAT(trained_weights(defaults_of("ncm"), geometry), IsEmpty());
    auto config = defaults_of("ft_seq");
    EXPECT_EQ(trained_weights(config, geometry), vit::weight_names(geometry));
    config.freeze_part = {"Transformer"};
    EXPECT_THAT(
        trained_weights(config, geometry),
        AllOf(Contains("cls"), Contains("embedding/weight"), Each(Not(HasSubstr("Transformer")))));
}

}  // namespace
}  // namespace promptcl::method

// Replaying golden cases: those of the repository, those beside it, and broken ones.
#include "promptcl/train/golden_check.h"

#include "promptcl/core/error.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/file.h"
#include "promptcl/io/npz.h"

#include "tests/support/golden_writer.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_vit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace promptcl::train {
namespace {

namespace fs = std::filesystem;
using support::GoldenScript;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

const fs::path kOurs = fs::path(PROMPTCL_SOURCE_DIR) / "tests/golden";
const fs::path kShared = fs::path(PROMPTCL_SOURCE_DIR) / "../shared/golden";
const fs::path kOfficial = fs::path(PROMPTCL_SOURCE_DIR) / "../shared/golden-official";
const fs::path kOfficialOpen = fs::path(PROMPTCL_SOURCE_DIR) / "../shared/golden-official-open";

void expect_all_pass(const fs::path& folder) {
    for (const std::string& name : golden_cases(folder)) {
        for (const std::string engine : {"plain", "native"}) {
            SCOPED_TRACE(name + ", " + engine);
            const GoldenCase result = check_golden_case(folder, name, engine);
            EXPECT_EQ(result.engine, engine);
            EXPECT_GE(result.errors.size(), 20U);
            for (const ArrayError& error : result.errors)
                EXPECT_TRUE(error.passes()) << error.array << " " << error.relative;
            EXPECT_TRUE(result.passes());
        }
    }
}

/// A copy of one of our cases, to break.
class GoldenCopy : public ::testing::Test {
  protected:
    const std::string kName = "l2p_vote";

    void SetUp() override {
        fs::copy(kOurs / "tiny_vit.npz", folder_.path());
        fs::copy(kOurs / (kName + ".json"), folder_.path());
        arrays_ = io::read_npz(kOurs / (kName + ".npz"));
    }
    GoldenCase check() const {
        io::write_npz(folder_.path() / (kName + ".npz"), arrays_);
        return check_golden_case(folder_.path(), kName, "plain");
    }
    template <class Failure = Error>
    std::string refusal() const {
        return message_of<Failure>([&] { check(); });
    }
    void write_json(const std::string& text) const { folder_.write(kName + ".json", text); }
    std::string json() const { return io::read_file(kOurs / (kName + ".json")); }
    /// Adds `by` to the first number of an array.
    void disturb(const std::string& array, float by) {
        auto values = arrays_.at(array).as_float();
        values.at(0) += by;
        arrays_[array] = io::Array::of(std::span<const float>(values), arrays_.at(array).shape);
    }

    TemporaryFolder folder_;
    io::ArrayMap arrays_;
};

TEST(GoldenCases, BesideTheRepositoryPass) {
    if (!fs::exists(kShared)) GTEST_SKIP() << "SKIPPED: needs " << kShared;
    EXPECT_THAT(golden_cases(kShared),
                ElementsAre("dualprompt", "dualprompt_match", "l2p", "l2p_instance_sgd"));
    expect_all_pass(kShared);
}

/// Cases that the original's own code computed; most need the plain ViT, whose frozen weights get
/// gradients.
void expect_official_pass(const fs::path& folder) {
    for (const std::string& name : golden_cases(folder)) {
        const GoldenCase result = check_golden_case(folder, name, "auto");
        for (const ArrayError& error : result.errors)
            EXPECT_TRUE(error.passes()) << name << ": " << error.array << " " << error.relative;
    }
}

TEST(GoldenCases, OfTheOriginalsOwnCodePass) {
    if (!fs::exists(kOfficial)) GTEST_SKIP() << "SKIPPED: needs " << kOfficial;
    expect_official_pass(kOfficial);
}

TEST(GoldenCases, OfTheOriginalsOwnCodeWithTrainedQueriesAndDecayedBiasesPass) {
    if (!fs::exists(kOfficialOpen)) GTEST_SKIP() << "SKIPPED: needs " << kOfficialOpen;
    expect_official_pass(kOfficialOpen);
}

TEST(GoldenCases, OfTheRepositoryPass) {
    expect_all_pass(kOurs);
}

// With PROMPTCL_WRITE_GOLDEN=1 in the environment it writes them instead (tests/golden/README.md).
TEST(GoldenCases, OfTheRepositoryAreWhatTheNaiveReferenceComputes) {
    const auto backbone = support::our_golden_backbone();
    if (std::getenv("PROMPTCL_WRITE_GOLDEN")) {
        support::write_checkpoint(kOurs / "tiny_vit.npz", backbone);
        for (const GoldenScript& script : support::our_golden_scripts())
            support::write_golden_case(kOurs, script, backbone);
        GTEST_SKIP() << "wrote " << kOurs;
    }
    EXPECT_EQ(io::read_npz(kOurs / "tiny_vit.npz"), backbone.arrays);
    std::vector<std::string> names;
    for (const GoldenScript& script : support::our_golden_scripts()) {
        names.push_back(script.name);
        EXPECT_EQ(io::read_file(kOurs / (script.name + ".json")), support::golden_json(script));
        const io::ArrayMap stored = io::read_npz(kOurs / (script.name + ".npz"));
        const io::ArrayMap computed = support::golden_arrays(script, backbone);
        ASSERT_EQ(stored.size(), computed.size()) << script.name;
        for (const auto& [name, array] : computed) {
            ASSERT_EQ(stored.at(name).shape, array.shape) << script.name << " " << name;
            const auto a = stored.at(name).as_double(), b = array.as_double();
            for (std::size_t i = 0; i < a.size();
                 ++i)  // other machines round exp and tanh otherwise
                ASSERT_NEAR(a[i], b[i], 1e-5 * (1 + std::abs(b[i]))) << script.name << " " << name;
        }
    }
    std::ranges::sort(names);
    EXPECT_EQ(golden_cases(kOurs), names);
}

TEST_F(GoldenCopy, FailsInTheArrayThatIsWrongAndInNoOther) {
    disturb("step2/param/prompt_pool/key", 0.01f);
    const GoldenCase result = check();
    EXPECT_FALSE(result.passes());
    for (const ArrayError& error : result.errors) {
        const bool wrong = error.array == "step2/param/prompt_pool/key";
        EXPECT_EQ(error.passes(), !wrong) << error.array;
        EXPECT_NEAR(error.absolute, wrong ? 0.01 : 0.0, 1e-4) << error.array;
    }
}

TEST_F(GoldenCopy, FailsWhenAnotherPromptWasChosen) {
    auto ids = arrays_.at("prompt_idx").as_int();
    ids.at(0) = (ids.at(0) + 1) % 6;
    arrays_["prompt_idx"] =
        io::Array::of(std::span<const std::int64_t>(ids), arrays_.at("prompt_idx").shape);
    EXPECT_FALSE(check().passes());
}

TEST_F(GoldenCopy, FailsThroughoutWhenTheStartIsAnother) {
    disturb("init/head/kernel", 0.5f);
    EXPECT_FALSE(check().passes());
}

TEST_F(GoldenCopy, MeasuresErrorsAgainstTheLargestMagnitude) {
    const auto logits = arrays_.at("logits").as_double();
    double magnitude = 0;
    for (const double value : logits)
        magnitude = std::max(magnitude, std::abs(value));
    disturb("logits", 1.0f);
    const auto result = check();
    const auto found = std::ranges::find(result.errors, "logits", &ArrayError::array);
    ASSERT_NE(found, result.errors.end());
    EXPECT_NEAR(found->absolute, 1.0, 1e-3);
    EXPECT_NEAR(found->relative, found->absolute / std::max(magnitude, std::abs(logits[0] + 1)),
                1e-3);
}

TEST_F(GoldenCopy, ComparesTheFirstPassAfterTheHeadsColumnsAreNormalised) {
    const auto changed = [&](bool weight_norm) {
        auto values = nlohmann::json::parse(io::read_file(kOurs / (kName + ".json")));
        values["weight_norm"] = weight_norm;
        write_json(values.dump());
        const auto result = check();
        const auto found = std::ranges::find(result.errors, "logits", &ArrayError::array);
        return found->absolute;
    };
    for (auto it = arrays_.begin(); it != arrays_.end();) {
        const bool drop = it->first.starts_with("step") || it->first.starts_with("grad/");
        it = drop ? arrays_.erase(it) : std::next(it);
    }
    const double with = changed(true);
    auto& kernel = arrays_.at("init/head/kernel");
    const auto columns = static_cast<std::size_t>(kernel.shape.at(1));
    auto values = kernel.as_float();
    for (std::size_t c = 0; c < columns; ++c) {
        double squares = 0;
        for (std::size_t i = c; i < values.size(); i += columns)
            squares += double{values[i]} * values[i];
        for (std::size_t i = c; i < values.size(); i += columns)
            values[i] = static_cast<float>(values[i] / std::sqrt(squares));
    }
    kernel = io::Array::of(std::span<const float>(values), kernel.shape);
    const double normalised = changed(false);
    EXPECT_GT(normalised, 1e-3);  // the reference's kernel was not of unit length
    EXPECT_NEAR(with, normalised, 1e-5);
}

TEST_F(GoldenCopy, PassesWithFewerArraysAndFewerSteps) {
    for (auto it = arrays_.begin(); it != arrays_.end();) {
        const bool drop = it->first.starts_with("step") || it->first.starts_with("grad/");
        it = drop ? arrays_.erase(it) : std::next(it);
    }
    const GoldenCase result = check();
    EXPECT_TRUE(result.passes());
    EXPECT_THAT(result.errors, Contains(Field(&ArrayError::array, "logits")));
}

TEST_F(GoldenCopy, AnswersAnImpossibleCaseWithTheKeyThatIsWrong) {
    struct Fault {
        const char* key;
        nlohmann::json value;
        const char* named;
    };
    const std::vector<Fault> faults = {{"prompt_mask", {4, 6}, "prompt_mask: 6"},
                                       {"prompt_mask", {4}, "prompt_mask has 1"},
                                       {"top_k", 7, "top_k is 7"},
                                       {"classes", {2, 9}, "classes: 9"},
                                       {"num_devices", 3, "num_devices = 3"},
                                       {"method", "ncm", "ncm"}};
    for (const Fault& fault : faults) {
        auto changed = nlohmann::json::parse(io::read_file(kOurs / (kName + ".json")));
        changed[fault.key] = fault.value;
        write_json(changed.dump());
        EXPECT_THAT(refusal(), HasSubstr(fault.named));
    }
}

TEST_F(GoldenCopy, RefusesAnArrayItDoesNotKnow) {
    arrays_["step1/param/prompt_pool/kye"] = arrays_.at("step1/param/prompt_pool/key");
    EXPECT_THAT(refusal(), AllOf(HasSubstr("l2p_vote.npz"), HasSubstr("prompt_pool/kye")));
}

TEST_F(GoldenCopy, NamesTheArrayOfTheStartThatIsMissing) {
    arrays_.erase("init/head/bias");
    EXPECT_THAT(refusal(), AllOf(HasSubstr("l2p_vote.npz"), HasSubstr("head/bias")));
}

TEST_F(GoldenCopy, NamesTheInputThatIsMissing) {
    arrays_.erase("label");
    EXPECT_THAT(refusal(), AllOf(HasSubstr("l2p_vote.npz"), HasSubstr("label")));
}

TEST_F(GoldenCopy, NamesTheArrayOfAnotherShape) {
    arrays_["logits"].shape = {6, 4};
    EXPECT_THAT(refusal(), AllOf(HasSubstr("logits"), HasSubstr("[6, 4]"), HasSubstr("[4, 6]")));
}

TEST_F(GoldenCopy, NamesTheImageOfAnotherShape) {
    arrays_["image"].shape = {4, 3, 12, 12};
    EXPECT_THAT(refusal(), AllOf(HasSubstr("image"), HasSubstr("[4, 3, 12, 12]")));
}

TEST_F(GoldenCopy, SuggestsTheKeyThatWasMeant) {
    std::string text = json();
    text.replace(text.find("\"top_k\""), 7, "\"topk\"");
    write_json(text);
    EXPECT_THAT(refusal<UsageError>(),
                AllOf(HasSubstr("l2p_vote.json"), HasSubstr("topk"), HasSubstr("top_k")));
}

TEST_F(GoldenCopy, TakesKeysWithTheNameOfTheirTableToo) {
    std::string text = json();
    text.replace(text.find("\"top_k\""), 7, "\"prompt_pool_param.top_k\"");
    write_json(text);
    EXPECT_TRUE(check().passes());
}

TEST_F(GoldenCopy, RefusesAFileThatIsNoJson) {
    write_json("{\"top_k\": 2,");
    EXPECT_THAT(refusal(), HasSubstr("l2p_vote.json"));
    write_json("[1, 2]");
    EXPECT_THAT(refusal(), HasSubstr("l2p_vote.json"));
    write_json("{\"top_k\": \"two\", \"num_classes\": 6}");
    EXPECT_THAT(refusal(), AllOf(HasSubstr("l2p_vote.json"), HasSubstr("top_k")));
}

TEST_F(GoldenCopy, NamesTheBackboneThatIsMissing) {
    fs::remove(folder_.path() / "tiny_vit.npz");
    EXPECT_THAT(refusal(), HasSubstr("tiny_vit.npz"));
}

TEST(GoldenFolder, WithoutACaseIsNamed) {
    const TemporaryFolder folder;
    folder.write("lonely.json", "{}");
    EXPECT_THAT(message_of<Error>([&] { golden_cases(folder.path()); }),
                HasSubstr(folder.path().string()));
    EXPECT_THAT(message_of<Error>([&] { golden_cases(folder.path() / "nowhere"); }),
                HasSubstr("nowhere"));
}

}  // namespace
}  // namespace promptcl::train

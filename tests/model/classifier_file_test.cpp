#include "promptcl/model/classifier_file.h"

#include "promptcl/core/error.h"
#include "promptcl/io/safetensors.h"
#include "promptcl/model/edit.h"
#include "promptcl/model/json.h"

#include "tests/support/message_of.h"
#include "tests/support/small_classifier.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>

namespace promptcl::model {
namespace {

using testing::HasSubstr;

/// A classifier with two steps, one of which remembers an array.
Classifier taught() {
    const auto classifier =
        support::small_classifier(support::small_dualprompt(), {"cat", "dog", "owl"});
    const std::array<std::string, 1> gone = {"cat"};
    return removed(classifier, gone, "2026-02-03T04:05:06Z");
}

void expect_equal(const Classifier& actual, const Classifier& expected) {
    EXPECT_TRUE(actual.backbone == expected.backbone);
    EXPECT_EQ(actual.backbone.file, expected.backbone.file);
    EXPECT_EQ(actual.state.config, expected.state.config);
    EXPECT_EQ(actual.state.tasks_learnt, expected.state.tasks_learnt);
    EXPECT_EQ(actual.state.class_names, expected.state.class_names);
    EXPECT_EQ(actual.state.arrays, expected.state.arrays);
    EXPECT_EQ(to_json(actual.state.calibration), to_json(expected.state.calibration));
    ASSERT_EQ(actual.history.size(), expected.history.size());
    for (std::size_t i = 0; i < expected.history.size(); ++i) {
        EXPECT_EQ(to_json(actual.history[i]), to_json(expected.history[i]));
        EXPECT_EQ(actual.history[i].undo_arrays, expected.history[i].undo_arrays);
    }
}

TEST(ClassifierFile, GivesBackTheClassifierThatWasWritten) {
    const TemporaryFolder folder;
    const Classifier classifier = taught();
    write_classifier(folder / "x.pcl", classifier);
    expect_equal(read_classifier(folder / "x.pcl"), classifier);
    EXPECT_TRUE(is_classifier(folder / "x.pcl"));
}

TEST(ClassifierFile, HoldsNoPathOfTheMachineThatWroteIt) {
    const TemporaryFolder folder;
    Classifier classifier = taught();
    classifier.state.config.init_checkpoint = "/somewhere/else/vit.npz";
    classifier.state.config.data_dir = "/somewhere/else/data";
    classifier.state.config.num_threads = 7;
    write_classifier(folder / "x.pcl", classifier);
    const auto config = read_classifier(folder / "x.pcl").state.config;
    EXPECT_EQ(config.init_checkpoint, "");
    EXPECT_EQ(config.data_dir, "");
    EXPECT_EQ(config.num_threads, 0);
}

/// What reading says of the file of taught() after `change`.
std::string refusal_of(const std::function<void(io::SafeTensors&)>& change) {
    const TemporaryFolder folder;
    write_classifier(folder / "x.pcl", taught());
    io::SafeTensors file = io::read_safetensors(folder / "x.pcl");
    change(file);
    io::write_safetensors(folder / "x.pcl", file);
    return message_of<Error>([&] { read_classifier(folder / "x.pcl"); });
}

TEST(ClassifierFile, OfANewerPromptclIsRefusedWithItsVersion) {
    const auto refusal = refusal_of([](io::SafeTensors& file) {
        file.metadata["format"] = "promptcl-classifier-2";
        file.metadata["promptcl_version"] = "9.8.7";
    });
    EXPECT_THAT(refusal, HasSubstr("x.pcl is a \"promptcl-classifier-2\" file of a newer promptcl "
                                   "(9.8.7)"));
    EXPECT_THAT(refusal, HasSubstr("reads up to promptcl-classifier-1"));
}

TEST(ClassifierFile, OfAnotherFormatIsNoClassifier) {
    EXPECT_THAT(
        refusal_of([](io::SafeTensors& file) { file.metadata["format"] = "promptcl-model-1"; }),
        HasSubstr("is a \"promptcl-model-1\" file and no classifier"));
    EXPECT_THAT(refusal_of([](io::SafeTensors& file) {
                    file.metadata["format"] = "promptcl-classifier-one";
                }),
                HasSubstr("unknown format \"promptcl-classifier-one\""));
    EXPECT_THAT(refusal_of([](io::SafeTensors& file) { file.metadata.erase("format"); }),
                HasSubstr("no \"format\" in its metadata"));
}

TEST(ClassifierFile, IsRefusedWhenAnArrayIsMissingForeignMisshapedOrOfAnotherType) {
    EXPECT_THAT(refusal_of([](io::SafeTensors& file) { file.arrays.erase("head/bias"); }),
                HasSubstr("it holds no array head/bias"));
    EXPECT_THAT(refusal_of([](io::SafeTensors& file) {
                    file.arrays["spare"] = file.arrays.at("head/bias");
                }),
                HasSubstr("array spare is none of a classifier"));
    EXPECT_THAT(refusal_of([](io::SafeTensors& file) {
                    file.arrays["head/bias"] = file.arrays.at("class/query");
                }),
                HasSubstr("array head/bias has shape [2, 8], but [2] is needed"));
    EXPECT_THAT(refusal_of([](io::SafeTensors& file) {
                    file.arrays["head/bias"] =
                        io::Array::of(std::span<const double>(std::array{1.0, 2.0}), {2});
                }),
                HasSubstr("array head/bias is of float64, but float32 is needed"));
}

TEST(ClassifierFile, IsRefusedWhenItsMetadataAreDamaged) {
    for (const char* key :
         {"config", "backbone", "tasks_learnt", "class_names", "calibration", "history"}) {
        EXPECT_THAT(refusal_of([&](io::SafeTensors& file) { file.metadata[key] = "{"; }),
                    HasSubstr("x.pcl is damaged"))
            << key;
        EXPECT_THAT(refusal_of([&](io::SafeTensors& file) { file.metadata.erase(key); }),
                    HasSubstr(key));
    }
    EXPECT_THAT(refusal_of([](io::SafeTensors& file) {
                    file.metadata["class_names"] = R"(["dog", "dog"])";
                }),
                HasSubstr("two classes \"dog\""));
}

TEST(ClassifierFile, IsRefusedWhenWhatItCountsIsNoWholeNumber) {
    for (const auto& [key, member] :
         std::vector<std::pair<const char*, const char*>>{{"backbone", "/width"},
                                                          {"calibration", "/images"},
                                                          {"history", "/0/images"},
                                                          {"tasks_learnt", ""}}) {
        const auto refusal = refusal_of([&](io::SafeTensors& file) {
            auto value = nlohmann::json::parse(file.metadata.at(key));
            value[nlohmann::json::json_pointer(member)] = 1e300;
            file.metadata[key] = value.dump();
        });
        EXPECT_THAT(refusal, HasSubstr("x.pcl is damaged")) << key;
    }
}

TEST(ClassifierFile, IsRefusedWhenItsCountsCouldNotBeAdded) {
    constexpr const char* kTooMany = "9223372036854775807";
    EXPECT_THAT(
        refusal_of([&](io::SafeTensors& file) { file.metadata["tasks_learnt"] = kTooMany; }),
        HasSubstr("nobody learns 9223372036854775807 tasks"));
    EXPECT_THAT(refusal_of([](io::SafeTensors& file) { file.metadata["tasks_learnt"] = "-1"; }),
                HasSubstr("nobody learns -1 tasks"));
    EXPECT_THAT(refusal_of([&](io::SafeTensors& file) {
                    auto calibration = nlohmann::json::parse(file.metadata.at("calibration"));
                    calibration["images"] = nlohmann::json::parse(kTooMany);
                    file.metadata["calibration"] = calibration.dump();
                }),
                HasSubstr("nobody calibrates with 9223372036854775807 images"));
}

TEST(ClassifierFile, IsRefusedWhenItsMetadataAreNestedTooDeeplyToBeCopied) {
    const auto refusal = refusal_of([](io::SafeTensors& file) {
        const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
        file.metadata["history"] =
            R"([{"when": "", "action": "", "classes": [], "images": 0, "undo": {}, "results": )" +
            deep + "}]";
    });
    EXPECT_THAT(refusal, HasSubstr("x.pcl is damaged"));
    EXPECT_THAT(refusal, HasSubstr("nested too deeply"));
}

TEST(ClassifierFile, IsToldFromEverythingElse) {
    const TemporaryFolder folder;
    EXPECT_FALSE(is_classifier(folder.write("picture.jpg", "\xff\xd8\xff")));
    EXPECT_FALSE(is_classifier(folder.path()));
    EXPECT_FALSE(is_classifier(folder / "missing.pcl"));
}

}  // namespace
}  // namespace promptcl::model

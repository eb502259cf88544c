#include "promptcl/stream/manifest.h"

#include "promptcl/core/error.h"
#include "promptcl/io/file.h"

#include "tests/stream/small_world.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

namespace promptcl::stream {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

// hashlib.sha256(bytes([grey]) * 192).hexdigest() of Python, for images of 8 x 8 pixels.
const std::string kGrey0 = "5d89f056865052bcb89c910d2d62872e029fb273c3db03f8968a52a41593c1b5";
const std::string kGrey1 = "f612f8ec8c834489358aacb9f1771b9ee52f13679a98de0fed079fd6a5c94431";

void expect_equal(const TaskStream& a, const TaskStream& b) {
    const auto sorted = [](std::vector<std::int64_t> ids) {
        std::ranges::sort(ids);
        return ids;
    };
    ASSERT_EQ(a.tasks.size(), b.tasks.size());
    for (std::size_t t = 0; t < a.tasks.size(); ++t) {
        EXPECT_EQ(sorted(a.tasks[t].classes), sorted(b.tasks[t].classes));
        EXPECT_EQ(a.tasks[t].train, b.tasks[t].train);
        EXPECT_EQ(a.tasks[t].images_per_epoch, b.tasks[t].images_per_epoch);
        EXPECT_EQ(a.tasks[t].tests, b.tasks[t].tests);
    }
    ASSERT_EQ(a.tests.size(), b.tests.size());
    for (std::size_t t = 0; t < a.tests.size(); ++t) {
        EXPECT_EQ(sorted(a.tests[t].classes), sorted(b.tests[t].classes));
        EXPECT_EQ(a.tests[t].images, b.tests[t].images);
    }
    EXPECT_EQ(a.boundaries, b.boundaries);
    EXPECT_EQ(a.num_classes, b.num_classes);
}

/// Four classes with six training and two test images each, as two tasks unless changed.
struct Case {
    std::string name;
    std::function<void(config::Config&, data::DataSource&)> change;
};

const Case kCases[] = {
    {"TwoTasks", [](auto&, auto&) {}},
    {"PermutedReversedAndSubsampled",
     [](config::Config& config, auto&) {
         config.continual.rand_seed = 3;
         config.reverse_task = true;
         config.subsample_rate = 50;
     }},
    {"OwnTasks",
     [](auto&, data::DataSource& source) {
         source.tasks = data::TaskLabels{.names = {"a", "b"}, .train = {}, .test = {}};
         for (std::int64_t i = 0; i < source.train->size(); ++i)
             source.tasks->train.push_back(i / 8 % 2);
         for (std::int64_t i = 0; i < source.test->size(); ++i)
             source.tasks->test.push_back(i % 2);
     }},
    {"OwnTasksWithACommonTest",
     [](auto&, data::DataSource& source) {
         source.tasks = data::TaskLabels{.names = {"a", "b"}, .train = {}, .test = {}};
         for (std::int64_t i = 0; i < source.train->size(); ++i)
             source.tasks->train.push_back(i / 8 % 2);
     }},
    {"GaussianSchedule",
     [](config::Config& config, auto&) {
         config.gaussian_schedule = true;
         config.continual.num_tasks = 40;
         config.continual.num_train_steps_per_task = 10;
     }},
    {"Merged", [](config::Config& config, auto&) { config.continual.merge_tasks = true; }},
};

class ManifestOf : public testing::TestWithParam<Case> {};

TEST_P(ManifestOf, AStreamGivesTheStreamBack) {
    data::DataSource source = small_world(4, 6, 2);
    config::Config config;
    config.continual.num_tasks = 2;
    config.continual.num_classes_per_task = 2;
    GetParam().change(config, source);
    const TaskStream stream = make_task_stream(source, config);
    const std::string manifest = manifest_of(source, stream);

    const TemporaryFolder folder;
    config.continual.manifest = folder.write("manifest.csv", manifest).string();
    config.continual.rand_seed = 17;  // the manifest decides
    config.reverse_task = false;
    config.subsample_rate = -1;
    const TaskStream again = make_task_stream(source, config);
    expect_equal(again, stream);
    EXPECT_EQ(manifest_of(source, again), manifest);
}

INSTANTIATE_TEST_SUITE_P(Streams, ManifestOf, testing::ValuesIn(kCases),
                         [](const auto& c) { return c.param.name; });

/// One class a task, two tasks.
struct Small {
    data::DataSource source = small_world(2, 1, 1);
    TemporaryFolder folder;

    std::string text() const {
        config::Config config;
        config.continual.num_tasks = 2;
        config.continual.num_classes_per_task = 1;
        return manifest_of(source, make_task_stream(source, config));
    }
    std::string message(const std::string& manifest) const {
        const auto file = folder.write("m.csv", manifest);
        return message_of<Error>([&] { read_manifest(file, source); });
    }
    /// What is said of a manifest in which `from` reads `to`.
    std::string message(const std::string& from, const std::string& to) const {
        std::string changed = text();
        const auto place = changed.find(from);
        EXPECT_NE(place, std::string::npos);
        return message(changed.replace(place, from.size(), to));
    }
};

TEST(Manifest, HasARowForEveryImage) {
    const Small small;
    EXPECT_EQ(small.text(),
              "# promptcl-manifest-1\n"
              "task,split,class,class_name,origin,sha256\n"
              "0,train,0,class_0,grey:0," +
                  kGrey0 +
                  "\n"
                  "1,train,1,class_1,grey:1," +
                  kGrey1 +
                  "\n"
                  "0,test,0,class_0,grey:0," +
                  kGrey0 +
                  "\n"
                  "1,test,1,class_1,grey:1," +
                  kGrey1 + "\n");
}

TEST(Manifest, SaysOfAnImageAllTasksThatTrainOnItAsRanges) {
    const auto source = small_world(1, 2, 1);
    const TaskStream stream{.tasks = {{.train = {0}},
                                      {.train = {0, 1}},
                                      {.train = {0}},
                                      {.train = {1}},
                                      {.train = {0}}},
                            .tests = {{.images = {0}}}};
    EXPECT_THAT(manifest_of(source, stream),
                AllOf(HasSubstr("\n0-2 4,train,0,class_0,grey:0,"), HasSubstr("\n1 3,train,"),
                      HasSubstr("\nall,test,0,class_0,grey:0,")));
}

TEST(Manifest, QuotesNamesWithCommas) {
    Small small;
    small.source.class_names[1] = "cat, \"tabby\"";
    EXPECT_THAT(small.text(), HasSubstr("1,train,1,\"cat, \"\"tabby\"\"\",grey:1,"));
    const auto file = small.folder.write("m.csv", small.text());
    EXPECT_THAT(read_manifest(file, small.source).tasks, SizeIs(2));
}

TEST(BrokenManifest, IsNamedWithItsLine) {
    const Small small;
    EXPECT_THAT(small.message("task,split\n"), HasSubstr("# promptcl-manifest-1"));
    EXPECT_THAT(small.message(""), HasSubstr("# promptcl-manifest-1"));
    EXPECT_THAT(small.message("# promptcl-manifest-1\ntask,path\n"), HasSubstr("line 2 of "));
    EXPECT_THAT(small.message("# promptcl-manifest-1\ntask,split,class,class_name,origin,sha256\n"),
                HasSubstr("names no training or no test images"));
    EXPECT_THAT(small.message("1,train", "1"), AllOf(HasSubstr("line 4 of "), HasSubstr("m.csv")));
    EXPECT_THAT(small.message("0,test", "0,exam"), AllOf(HasSubstr("line 5"), HasSubstr("exam")));
    for (const char* task : {"x,train", "-1,train", ",train", "1 ,train", "3-,train", "all,train",
                             "99999999999999999999,train", "1_000,train"}) {
        EXPECT_THAT(small.message("1,train", task), HasSubstr("line 4")) << task;
    }
    EXPECT_THAT(small.message("1,train", "2,train"), HasSubstr("no training image of task 1"));
    EXPECT_THAT(small.message("0,test", "all,test"), HasSubstr("test images"));
    EXPECT_THAT(small.message("class_0", "\"class_0"), HasSubstr("quote"));
}

TEST(Manifest, OfOtherDataIsRefused) {
    const Small small;
    EXPECT_THAT(small.message("grey:0", "grey:7"),
                AllOf(HasSubstr("line 3"), HasSubstr("grey:7, which the data set does not have")));
    EXPECT_THAT(small.message("1,train,1,class_1,grey:1", "1,train,0,class_0,grey:0"),
                AllOf(HasSubstr("line 4"), HasSubstr("grey:0 a second time")));
    EXPECT_THAT(small.message("class_0", "dog"), HasSubstr("is of class 0 (dog), but here"));
    EXPECT_THAT(small.message("train,0,", "train,1,"), HasSubstr("line 3"));
    EXPECT_THAT(small.message(kGrey0, std::string(64, '0')),
                AllOf(HasSubstr("line 3"), HasSubstr("grey:0, which has another SHA-256 here")));
}

}  // namespace
}  // namespace promptcl::stream

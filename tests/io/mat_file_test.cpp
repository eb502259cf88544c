#include "promptcl/io/mat_file.h"

#include "promptcl/core/error.h"

#include "tests/io/mat_bytes.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::io {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Array read(const TemporaryFolder& folder, const std::string& contents,
           const std::string& variable) {
    return MatFile(folder.write("x.mat", contents)).read(variable);
}
std::string error_reading(const std::string& contents, const std::string& variable = "X") {
    const TemporaryFolder folder;
    testing::internal::CaptureStderr();
    const auto message = message_of<Error>([&] { read(folder, contents, variable); });
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    return message;
}

TEST(MatFile, HoldsArraysOfBytesInTheOrderInWhichTheyLie) {
    const TemporaryFolder folder;
    const auto variable = mat_bytes_variable("X", {2, 3}, "adbecf");
    for (const auto& element : {variable, mat_compressed(variable)}) {
        const auto array = read(folder, mat_file({element}), "X");
        EXPECT_EQ(array.dtype, "uint8");
        EXPECT_EQ(array.shape, (Shape{3, 2}));
        EXPECT_THAT(array.as_int(), ElementsAre('a', 'd', 'b', 'e', 'c', 'f'));
    }
}

TEST(MatFile, HoldsArraysOfDoublesKeptAsBytes) {
    const TemporaryFolder folder;
    const auto variable = mat_double_variable("y", {3, 1}, "\x0a\x01\x02");
    for (const auto& element : {variable, mat_compressed(variable)}) {
        const auto array = read(folder, mat_file({element}), "y");
        EXPECT_EQ(array.dtype, "float64");
        EXPECT_THAT(array.as_double(), ElementsAre(10, 1, 2));
    }
}

TEST(MatFile, FindsAVariableWhereverItStands) {
    const TemporaryFolder folder;
    const std::string large(100'000, 'x');
    const auto file = mat_file({mat_compressed(mat_bytes_variable("X", {1000, 100}, large)),
                                mat_bytes_variable("y", {2, 1}, "\x01\x02")});
    MatFile mat(folder.write("x.mat", file));
    EXPECT_THAT(mat.read("y").as_int(), ElementsAre(1, 2));
    EXPECT_EQ(mat.read("X").bytes.size(), large.size());
    EXPECT_THAT(mat.read("y").as_int(), ElementsAre(1, 2));
}

TEST(MatFile, NamesTheVariableThatIsMissingOrOfAnotherClass) {
    const auto variable = mat_bytes_variable("y", {2, 1}, "\x01\x02");
    EXPECT_THAT(error_reading(mat_file({variable})),
                AllOf(HasSubstr("cannot read X of "), HasSubstr("there is no such variable")));
    auto narrow = variable;
    narrow[16] = 8;  // the class int8
    EXPECT_THAT(error_reading(mat_file({narrow}), "y"),
                AllOf(HasSubstr("y of "), HasSubstr("neither of class uint8 nor double")));
    auto text = variable;
    text[16] = 4;
    EXPECT_THAT(error_reading(mat_file({text}), "y"),
                HasSubstr("x.mat: it is damaged or holds more than numeric arrays"));
}

TEST(MatFile, SaysWhatItIsNot) {
    EXPECT_THAT(error_reading(""), HasSubstr("x.mat: it is no MATLAB 5 file"));
    EXPECT_THAT(error_reading(std::string(1000, 'x')), HasSubstr("it is no MATLAB 5 file"));
    auto newer = mat_file({});
    newer[125] = 2;
    EXPECT_THAT(error_reading(newer), HasSubstr("x.mat is a MATLAB 7.3 file"));
    EXPECT_THAT(message_of<Error>([] { MatFile("/no/such.mat"); }), HasSubstr("no such file"));
}

TEST(MatFile, SaysThatItIsCutOffWhereverItEnds) {
    const auto variable = mat_bytes_variable("X", {10, 3}, std::string(30, 'x'));
    for (const auto& element : {variable, mat_compressed(variable)}) {
        const auto whole = mat_file({element});
        for (std::size_t size = 129; size < whole.size(); ++size)
            EXPECT_THAT(error_reading(whole.substr(0, size)), HasSubstr("x.mat: it is cut off"));
    }
}

TEST(MatFile, RefusesMoreThanItCanHold) {
    const auto variable = mat_bytes_variable("X", {100'000, 100'000}, "abc");
    EXPECT_THAT(error_reading(mat_file({variable})),
                HasSubstr("it announces the shape [100000, 100000], more than it can hold"));
}

TEST(MatFile, ThatIsDamagedIsAnErrorOrOtherElementsAndNeverACrash) {
    const TemporaryFolder folder;
    const auto variable = mat_bytes_variable("X", {10, 3}, std::string(30, 'x'));
    for (const auto& element : {variable, mat_compressed(variable)}) {
        const auto whole = mat_file({element});
        for (std::size_t at = 128; at < whole.size(); ++at) {
            auto damaged = whole;
            damaged[at] = static_cast<char>(~damaged[at]);
            try {
                EXPECT_FALSE(read(folder, damaged, "X").bytes.empty()) << at;
            } catch (const Error& error) {
                EXPECT_THAT(error.what(), HasSubstr("x.mat"));
            }
        }
    }
}

TEST(MatFile, ThatIsCompressedAndDamagedIsAnError) {
    const auto element = mat_compressed(mat_bytes_variable("X", {10, 3}, std::string(30, 'x')));
    for (std::size_t at = 8; at < element.size(); ++at) {
        auto damaged = element;
        damaged[at] = static_cast<char>(~damaged[at]);
        EXPECT_THAT(error_reading(mat_file({damaged})), HasSubstr("x.mat")) << at;
    }
}

}  // namespace
}  // namespace promptcl::io

#include "promptcl/serve/form.h"

#include "promptcl/serve/request.h"

#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::serve {
namespace {

using ::testing::HasSubstr;

const std::string kFile =
    "--xyz\r\nContent-Disposition: form-data; name=\"image\"; filename=\"cat.png\"\r\n"
    "Content-Type: image/png\r\n\r\n";

TEST(Form, GivesItsFileWithItsName) {
    const std::string body = kFile + "some\r\nbytes\r\n--xyz--\r\n";
    const auto file = file_of_form(body);
    EXPECT_EQ(file.name, "cat.png");
    EXPECT_EQ(file.contents, "some\r\nbytes");
}

TEST(Form, PrefersAFileToTheFieldsBeforeIt) {
    const std::string field = "--xyz\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n7\r\n";
    const std::string body = field + kFile + "bytes\r\n--xyz--\r\n";
    EXPECT_EQ(file_of_form(body).contents, "bytes");
}

TEST(Form, WithoutAFileGivesItsFirstField) {
    const std::string body =
        "--xyz\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n7\r\n--xyz--\r\n";
    const auto file = file_of_form(body);
    EXPECT_EQ(file.name, "");
    EXPECT_EQ(file.contents, "7");
}

TEST(Form, MayHoldAnEmptyFile) {
    const std::string body = kFile + "\r\n--xyz--";
    EXPECT_EQ(file_of_form(body).contents, "");
}

TEST(Form, ThatIsMalformedIsRefusedWithASentence) {
    for (const std::string& body :
         {std::string(), std::string("--\r\n"), std::string("xyz\r\n"), std::string("--xyz"),
          std::string("--xyz\r\nno head"), kFile, kFile + "bytes",
          std::string("--xyz\r\nA: b\r\n\r\n7\r\n--xyzzy")}) {
        EXPECT_THAT(message_of<Refusal>([&] { file_of_form(body); }),
                    HasSubstr("the form is malformed"))
            << body;
    }
}

TEST(Form, WithAHeadOfManyKilobytesIsRead) {
    const std::string body = "--xyz\r\nContent-Disposition: form-data; name=\"" +
                             std::string(1 << 20, 'x') + "\"\r\n\r\n7\r\n--xyz--";
    EXPECT_EQ(file_of_form(body).contents, "7");
}

TEST(Form, IsToldByTheContentTypeInAnyCase) {
    EXPECT_TRUE(is_form("Multipart/Form-Data; boundary=xyz"));
    EXPECT_FALSE(is_form("image/png"));
}

}  // namespace
}  // namespace promptcl::serve

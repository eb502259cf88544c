#include "promptcl/core/error.h"
#include "promptcl/io/atomic_file.h"
#include "promptcl/io/sha256.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::io {
namespace {

constexpr auto* kOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr auto* kOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Sha256, IsThatOfTheStandardsExamples) {
    EXPECT_EQ(Sha256().hex(), kOfNothing);
    Sha256 hash;
    for (const std::string part : {"a", "bc"})
        hash.update(std::as_bytes(std::span(part)));
    EXPECT_EQ(hash.hex(), kOfAbc);
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
    const TemporaryFolder folder;
    write_file_atomically(folder / "abc", "abc");
    write_file_atomically(folder / "empty", "");
    write_file_atomically(folder / "a million", std::string(1'000'000, 'a'));
    EXPECT_EQ(sha256_of_file(folder / "abc"), kOfAbc);
    EXPECT_EQ(sha256_of_file(folder / "empty"), kOfNothing);
    EXPECT_EQ(sha256_of_file(folder / "a million"),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Md5, IsThatOfTheStandardsExamples) {
    EXPECT_EQ(Digest(DigestKind::kMd5).hex(), "d41d8cd98f00b204e9800998ecf8427e");
    const TemporaryFolder folder;
    write_file_atomically(folder / "abc", "abc");
    EXPECT_EQ(digest_of_file(DigestKind::kMd5, folder / "abc"), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(Digest, KnowsTheLengthOfEachKind) {
    for (const auto kind : {DigestKind::kMd5, DigestKind::kSha256})
        EXPECT_EQ(Digest(kind).hex().size(), hex_digits(kind)) << name_of(kind);
}

TEST(Sha256, OfAMissingFileNamesIt) {
    EXPECT_THAT(message_of<Error>([] { sha256_of_file("/no/such/file"); }),
                testing::HasSubstr("cannot read /no/such/file: no such file"));
}

}  // namespace
}  // namespace promptcl::io

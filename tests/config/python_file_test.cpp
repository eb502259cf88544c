// The original's configurations as Python files: what is read, by hand from Python's own rules.
#include "promptcl/config/python_file.h"

#include "promptcl/config/python_number.h"
#include "promptcl/core/error.h"

#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace promptcl::config {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr std::string_view kHead =
    "\"\"\"A config.\"\"\"\n"
    "import ml_collections\n"
    "\n"
    "def get_config():\n"
    "  \"\"\"Return it.\n"
    "  Two lines.\"\"\"\n"
    "  config = ml_collections.ConfigDict()  # made\n";  // 7 lines

PythonConfig read(const std::string& body) {
    return parse_python_config(std::string(kHead) + body + "  return config\n", "x.py");
}
std::string refusal(const std::string& body) {
    return message_of<UsageError>([&] { read(body); });
}
Json value(const std::string& expression) {
    return read("  config.a = " + expression + "\n").settings.at(0).value;
}

TEST(PythonFile, HoldsKeysWithTheirValuesAndLines) {
    const auto found = read(
        "  config.seed = 42\n"
        "  # a comment\n"
        "  config.continual = ml_collections.ConfigDict()\n"
        "  config.continual.num_tasks = 10\n");
    ASSERT_EQ(found.settings.size(), 2);
    EXPECT_EQ(found.settings[0].key, "seed");
    EXPECT_EQ(found.settings[0].place, "in x.py (line 8)");
    EXPECT_EQ(found.settings[1].key, "continual.num_tasks");
    EXPECT_EQ(found.settings[1].value, 10);
    EXPECT_THAT(found.groups, ElementsAre("continual"));
}

TEST(PythonFile, HoldsPythonsLiterals) {
    EXPECT_EQ(value("1e-3"), 1e-3);
    EXPECT_EQ(value(".5"), 0.5);
    EXPECT_EQ(value("5.").dump(), "5.0");
    EXPECT_EQ(value("1_000"), 1000);
    EXPECT_EQ(value("True"), true);
    EXPECT_EQ(value("None"), nullptr);
    EXPECT_EQ(value("'it\\'s' \" one\""), "it's one");
    EXPECT_EQ(value("(0, 1)"), Json::array({0, 1}));
    EXPECT_EQ(value("(0,)"), Json::array({0}));
    EXPECT_EQ(value("(0)"), 0);
    EXPECT_EQ(value("0, 1"), Json::array({0, 1}));
    EXPECT_EQ(value("[[1, 2], (3,), []]"), Json::parse("[[1, 2], [3], []]"));
    EXPECT_EQ(value("[\n    1,  # one\n    2,\n  ]"), Json::array({1, 2}));
    EXPECT_EQ(value("1 + \\\n    2"), 3);
    EXPECT_EQ(value("ml_collections.FieldReference(None, field_type=str)"), nullptr);
    EXPECT_EQ(value("ml_collections.config_dict.placeholder(str)"), nullptr);
}

TEST(PythonFile, ComputesAsPython) {
    EXPECT_EQ(value("-2 ** 2"), -4);
    EXPECT_EQ(value("2 ** 3 ** 2"), 512);
    EXPECT_EQ(value("2 ** -1"), 0.5);
    EXPECT_EQ(value("-7 // 2"), -4);
    EXPECT_EQ(value("-7 % 3"), 2);
    EXPECT_EQ(value("7 % -3"), -2);
    EXPECT_EQ(value("-7.5 // 2"), -4.0);
    EXPECT_EQ(value("-7.5 % 2"), 0.5);
    EXPECT_EQ(value("6 / 3").dump(), "2.0");
    EXPECT_EQ(value("1 + 2 * 3 - 4"), 3);
    EXPECT_EQ(value("(1 + 2) * 3"), 9);
    EXPECT_EQ(value("True + 1"), 2);
    EXPECT_EQ(value("0.03 * 128 / 256"), 0.03 * 128 / 256);
}

TEST(PythonFile, ComputesWithKeysSetBefore) {
    const auto found = read(
        "  config.per_device_batch_size = 16\n"
        "  config.c = ml_collections.ConfigDict({'n': 5})\n"
        "  config.c.m = config.c.n * 2\n"
        "  config.learning_rate = 0.03 * config.per_device_batch_size\n");
    EXPECT_EQ(found.settings[2].value, 10);
    EXPECT_EQ(found.settings[3].value, 0.03 * 16);
    EXPECT_THAT(refusal("  config.a = config.b\n"),
                AllOf(HasSubstr("line 8"), HasSubstr("b, which is not set before")));
}

TEST(PythonFile, KeepsTheLastValueOfAKeyAndForgetsAReplacedGroup) {
    const auto found = read(
        "  config.g = ml_collections.ConfigDict()\n"
        "  config.g.x = 1\n"
        "  config.g = ml_collections.ConfigDict()\n"
        "  config.g.y = 1\n"
        "  config.g.y = 2\n");
    ASSERT_EQ(found.settings.size(), 1);
    EXPECT_EQ(found.settings[0].key, "g.y");
    EXPECT_EQ(found.settings[0].value, 2);
}

TEST(PythonFile, RunsNothingAndRefusesAnyOtherLineByItsNumber) {
    for (const std::string line : {"import os",
                                   "print(1)",
                                   "lr = 3",
                                   "if True: pass",
                                   "config.a += 1",
                                   "config.a = f(1)",
                                   "config.a = open('x').read()",
                                   "config.a = x",
                                   "config.a = [i for i in (1,)]",
                                   "config.a = 1 if True else 2",
                                   "config.a = f'x'",
                                   "config.a == 1",
                                   "config.a = 1; b = 2",
                                   "del config",
                                   "config['a'] = 1",
                                   "config.a =",
                                   "config.a = 1 / 0",
                                   "config.a = 1 2",
                                   "config.a = 0x10",
                                   "config.a = 9 ** 99",
                                   "config.g.x = 1",
                                   "config.a = 'x",
                                   "config.a = (1",
                                   "return 3",
                                   "config.a = $",
                                   "config.a = @x"}) {
        EXPECT_THAT(refusal("  config.ok = 1\n  " + line + "\n"),
                    AllOf(HasSubstr("x.py"), HasSubstr("line "), HasSubstr("; ")))
            << line;
    }
    EXPECT_THAT(refusal("  config.ok = 1\n  import os\n"),
                AllOf(HasSubstr("line 9"), HasSubstr("`import os`")));
    EXPECT_THAT(refusal("  return config\n  config.late = 1\n"), HasSubstr("line 9"));
    EXPECT_THAT(message_of<UsageError>([] { parse_python_config("import os\n", "x.py"); }),
                HasSubstr("line 1"));
    EXPECT_THAT(message_of<UsageError>([] { parse_python_config("", "x.py"); }),
                HasSubstr("get_config"));
}

TEST(PythonFile, IsRefusedWhereItNestsTooDeep) {
    EXPECT_THAT(refusal("  config.a = " + std::string(100'000, '(') + "1\n"),
                HasSubstr("never closed"));
    const std::string deep(1000, '[');
    EXPECT_THAT(refusal("  config.a = " + deep + "1" + std::string(1000, ']') + "\n"),
                HasSubstr("deeper than"));
    EXPECT_THAT(refusal("  config.a = " + std::string(1000, '-') + "1\n"),
                HasSubstr("deeper than"));
    EXPECT_THAT(refusal("  config.a = 1" + std::string(1 << 20, ' ') + "\n"), HasSubstr("1 MiB"));
}

TEST(PythonNumber, StaysWithinSixtyFourBits) {
    const Json least = std::numeric_limits<std::int64_t>::min();
    EXPECT_FALSE(python_arithmetic(least, "//", -1));
    EXPECT_EQ(python_arithmetic(least, "%", -1), Json(0));
    EXPECT_EQ(python_arithmetic(least, "//", 3), Json(-3074457345618258603));
    EXPECT_EQ(python_arithmetic(-1, "**", std::numeric_limits<std::int64_t>::max()), Json(-1));
    EXPECT_FALSE(python_arithmetic(10, "**", 19));
    EXPECT_FALSE(python_arithmetic(0, "**", -1));
    EXPECT_FALSE(python_arithmetic("a", "+", "b"));
    EXPECT_FALSE(python_number("9223372036854775808"));
    EXPECT_FALSE(python_number("1__0"));
    EXPECT_FALSE(python_number("010"));
}

}  // namespace
}  // namespace promptcl::config

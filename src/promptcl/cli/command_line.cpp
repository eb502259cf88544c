#include "promptcl/cli/command_line.h"

#include "promptcl/cli/arguments.h"
#include "promptcl/cli/help.h"
#include "promptcl/cli/syntax.h"
#include "promptcl/config/nearest.h"
#include "promptcl/core/error.h"
#include "promptcl/core/version.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <vector>

namespace promptcl::cli {
namespace {

using Arguments = std::span<const std::string>;

std::string see_help(std::string_view command) {
    return fmt::format("see promptcl {} --help", command);
}

/// A word that the command does not know: a flag gets the nearest one of its own.
[[noreturn]] void refuse_extra(const CLI::App& app, const Syntax& syntax,
                               const std::string& extra) {
    if (!extra.starts_with('-')) {
        throw UsageError(fmt::format("{} takes no \"{}\"", syntax.name, extra),
                         see_help(syntax.name));
    }
    std::vector<std::string> flags = {"--my_config"};
    for (const auto* option : app.get_options()) {
        for (const auto& name : option->get_lnames())
            flags.push_back("--" + name);
    }
    const std::vector<std::string_view> candidates(flags.begin(), flags.end());
    const std::string word = extra.substr(0, extra.find('='));
    const std::string suggestion = config::did_you_mean(word, candidates);
    throw UsageError(fmt::format("{} has no flag {}", syntax.name, word),
                     suggestion.empty() ? see_help(syntax.name) : suggestion);
}

/// "data" of "data fetch"; empty for a command of one word.
std::string_view group_of(const Syntax& syntax) {
    const std::size_t space = syntax.name.find(' ');
    return space == std::string_view::npos ? "" : syntax.name.substr(0, space);
}

/// "fetch" of "data fetch".
std::string_view last_word_of(const Syntax& syntax) {
    return syntax.name.substr(syntax.name.rfind(' ') + 1);
}

bool is_group(const std::string& word) {
    return std::ranges::find(groups(), word, &SyntaxGroup::name) != groups().end();
}

bool asks_for_help(const std::string& word) {
    return word == "--help" || word == "-h";
}

/// What the user calls the command: one word, or two where the first is a group.
std::string command_of(Arguments arguments) {
    const bool two = is_group(arguments.front()) && arguments.size() > 1;
    return two ? fmt::format("{} {}", arguments[0], arguments[1]) : arguments.front();
}

[[noreturn]] void refuse_command(Arguments arguments) {
    const std::string word = command_of(arguments);
    if (is_group(word)) {
        throw UsageError(fmt::format("promptcl {} is not told what to do", word), see_help(word));
    }
    std::vector<std::string_view> names = {"--help", "--version"};
    for (const auto& command : commands())
        names.push_back(command.name);
    const std::string suggestion = config::did_you_mean(word, names);
    throw UsageError(
        fmt::format("there is no {} \"{}\"", word.starts_with('-') ? "flag" : "command", word),
        !suggestion.empty()           ? suggestion
        : is_group(arguments.front()) ? see_help(arguments.front())
                                      : "see promptcl --help");
}

/// The program itself, or the group that the command belongs to, made by its first command.
CLI::App& parent_of(CLI::App& program, const Syntax& syntax) {
    const auto group = std::ranges::find(groups(), group_of(syntax), &SyntaxGroup::name);
    if (group == groups().end()) return program;
    const auto made = program.get_subcommands(
        [&](const CLI::App* app) { return app->get_name() == group->name; });
    if (!made.empty()) return *made.front();
    CLI::App* app = program.add_subcommand(std::string(group->name), std::string(group->summary));
    app->footer(std::string(group->details));
    return *app;
}

void declare_command(CLI::App& program, const Syntax& syntax, Words& words) {
    CLI::App* app =
        parent_of(program, syntax)
            .add_subcommand(std::string(last_word_of(syntax)), std::string(syntax.summary));
    app->footer(std::string(syntax.details));
    app->allow_extras();  // see finish()
    syntax.declare(*app, words);
}

Command finish(const CLI::App& app, const Syntax& syntax, const Words& words) {
    const auto extras = app.remaining();
    // A mistyped flag before its value: the flag is what is wrong.
    const auto flag =
        std::ranges::find_if(extras, [](const auto& word) { return word.starts_with('-'); });
    if (flag != extras.end()) refuse_extra(app, syntax, *flag);
    if (!extras.empty()) refuse_extra(app, syntax, extras.front());
    return syntax.finish(words);
}

}  // namespace

Command parse(Arguments arguments) {
    Words words;
    CLI::App program(
        "promptcl learns classes task after task, by prompts for a frozen ViT (L2P, DualPrompt).",
        "promptcl");
    program.footer(std::string(help::kProgram));
    program.set_version_flag("--version", fmt::format("promptcl {}", kVersion));
    for (const auto& syntax : commands())
        declare_command(program, syntax, words);

    if (arguments.empty()) throw UsageError("no command is given", "see promptcl --help");
    const auto syntax = std::ranges::find(commands(), command_of(arguments), &Syntax::name);
    const bool asks = asks_for_help(arguments.front()) || arguments.front() == "--version" ||
                      (is_group(arguments.front()) && asks_for_help(arguments.back()));
    if (syntax == commands().end() && !asks) refuse_command(arguments);

    auto reversed = with_own_flags(arguments);
    std::ranges::reverse(reversed);  // as CLI11 wants them
    try {
        program.parse(reversed);
    } catch (const CLI::CallForVersion& version) {
        return ShowText{std::string(version.what()) + "\n"};
    } catch (const CLI::Success&) {
        return ShowText{program.help()};
    } catch (const CLI::ParseError& problem) {
        const std::string command = command_of(arguments);
        throw UsageError(fmt::format("{}: {}", command, problem.what()), see_help(command));
    }
    const CLI::App* app = &program;
    while (!app->get_subcommands().empty())
        app = app->get_subcommands().front();
    return finish(*app, *syntax, words);
}

Command parse(int argc, const char* const* argv) {
    return parse(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
}

}  // namespace promptcl::cli

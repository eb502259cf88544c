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

std::string see_help(const CLI::App& app) {
    return fmt::format("see promptcl {} --help", app.get_name());
}

/// A word that the command does not know: a flag gets the nearest one of its own.
[[noreturn]] void refuse_extra(const CLI::App& app, const std::string& extra) {
    if (!extra.starts_with('-')) {
        throw UsageError(fmt::format("{} takes no \"{}\"", app.get_name(), extra), see_help(app));
    }
    std::vector<std::string> flags = {"--my_config"};
    for (const auto* option : app.get_options()) {
        for (const auto& name : option->get_lnames())
            flags.push_back("--" + name);
    }
    const std::vector<std::string_view> candidates(flags.begin(), flags.end());
    const std::string word = extra.substr(0, extra.find('='));
    const std::string suggestion = config::did_you_mean(word, candidates);
    throw UsageError(fmt::format("{} has no flag {}", app.get_name(), word),
                     suggestion.empty() ? see_help(app) : suggestion);
}

[[noreturn]] void refuse_command(const std::string& word) {
    std::vector<std::string_view> names = {"--help", "--version"};
    for (const auto& command : commands())
        names.push_back(command.name);
    const std::string suggestion = config::did_you_mean(word, names);
    throw UsageError(
        fmt::format("there is no {} \"{}\"", word.starts_with('-') ? "flag" : "command", word),
        suggestion.empty() ? "see promptcl --help" : suggestion);
}

void declare_command(CLI::App& program, const Syntax& syntax, Words& words) {
    CLI::App* app = program.add_subcommand(std::string(syntax.name), std::string(syntax.summary));
    app->footer(std::string(syntax.details));
    app->allow_extras();  // see finish()
    syntax.declare(*app, words);
}

const Syntax* find_command(const std::string& name) {
    const auto found = std::ranges::find(commands(), name, &Syntax::name);
    return found == commands().end() ? nullptr : &*found;
}

Command finish(const CLI::App& app, const Syntax& syntax, const Words& words) {
    const auto extras = app.remaining();
    // A mistyped flag before its value: the flag is what is wrong.
    const auto flag =
        std::ranges::find_if(extras, [](const auto& word) { return word.starts_with('-'); });
    if (flag != extras.end()) refuse_extra(app, *flag);
    if (!extras.empty()) refuse_extra(app, extras.front());
    return syntax.finish(words);
}

}  // namespace

Command parse(std::span<const std::string> arguments) {
    Words words;
    CLI::App program(
        "promptcl learns classes task after task, by prompts for a frozen ViT (L2P, DualPrompt).",
        "promptcl");
    program.footer(std::string(help::kProgram));
    program.set_version_flag("--version", fmt::format("promptcl {}", kVersion));
    for (const auto& syntax : commands())
        declare_command(program, syntax, words);

    if (arguments.empty()) throw UsageError("no command is given", "see promptcl --help");
    const Syntax* syntax = find_command(arguments.front());
    const bool asks = arguments.front() == "--help" || arguments.front() == "-h" ||
                      arguments.front() == "--version";
    if (syntax == nullptr && !asks) refuse_command(arguments.front());

    auto reversed = with_own_flags(arguments);
    std::ranges::reverse(reversed);  // as CLI11 wants them
    try {
        program.parse(reversed);
    } catch (const CLI::CallForVersion& version) {
        return ShowText{std::string(version.what()) + "\n"};
    } catch (const CLI::Success&) {
        return ShowText{program.help()};
    } catch (const CLI::ParseError& problem) {
        throw UsageError(fmt::format("{}: {}", arguments.front(), problem.what()),
                         fmt::format("see promptcl {} --help", arguments.front()));
    }
    return finish(*program.get_subcommand(arguments.front()), *syntax, words);
}

Command parse(int argc, const char* const* argv) {
    return parse(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
}

}  // namespace promptcl::cli

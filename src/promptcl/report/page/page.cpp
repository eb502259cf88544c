#include "promptcl/report/page/page.h"

#include "promptcl/core/error.h"
#include "promptcl/core/version.h"
#include "promptcl/io/base64.h"
#include "promptcl/io/sha256.h"
#include "promptcl/report/page/assets.h"
#include "promptcl/report/page/sections.h"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <string_view>
#include <vector>

namespace promptcl::report {
namespace {

constexpr std::array kSections = {overview_section,  accuracy_section, matrix_section,
                                  choice_section,    training_section, prompts_section,
                                  confusion_section, examples_section, cost_section,
                                  config_section,    files_section};

/// What a browser compares a script with before it runs it.
std::string script_source(std::string_view script) {
    io::Sha256 digest;
    digest.update(std::as_bytes(std::span(script)));
    return fmt::format("'sha256-{}'", io::base64(digest.bytes()));
}

std::string policy() {
    return fmt::format(
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        "style-src 'unsafe-inline'; script-src {} {}",
        script_source(kVega), script_source(kPageScript));
}

/// The template with each {{NAME}} replaced, once; what replaces it is not looked at again.
std::string filled(std::string_view page, const std::map<std::string_view, std::string>& values) {
    std::string html;
    for (std::size_t begin = page.find("{{"); begin != std::string_view::npos;
         begin = page.find("{{")) {
        const std::size_t end = page.find("}}", begin);
        require(end != std::string_view::npos, "page.html closes what it opens");
        html += page.substr(0, begin);
        html += values.at(page.substr(begin + 2, end - begin - 2));
        page.remove_prefix(end + 2);
    }
    return html.append(page);
}

std::string title_of(std::span<const RunRecord> runs) {
    std::vector<std::string> names;
    for (const RunRecord& run : runs)
        names.push_back(run.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

Markup contents_of(const std::vector<Section>& sections) {
    Markup links;
    for (const Section& section : sections)
        links += element("li", {}, element("a", {{"href", "#" + section.id}}, section.title));
    return element("ul", {}, links);
}

Markup body_of(const std::vector<Section>& sections) {
    Markup body;
    for (const Section& section : sections)
        body += element("section", {{"id", section.id}},
                        element("h2", {}, section.title) + section.content);
    return body;
}

}  // namespace

std::string html_page(std::span<const RunRecord> runs) {
    require(!runs.empty(), "a report has a run");
    std::vector<Section> sections;
    for (const auto& section : kSections)
        sections.push_back(section(runs));
    return filled(kPageTemplate, {{"policy", text(policy()).html()},
                                  {"title", text(title_of(runs)).html()},
                                  {"style", std::string(kPageStyle)},
                                  {"contents", contents_of(sections).html()},
                                  {"body", body_of(sections).html()},
                                  {"version", text(kVersion).html()},
                                  {"licence", text(kVegaLicence).html()},
                                  {"vega", std::string(kVega)},
                                  {"script", std::string(kPageScript)}});
}

}  // namespace promptcl::report

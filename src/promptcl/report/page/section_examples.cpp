#include "promptcl/core/human.h"
#include "promptcl/io/base64.h"
#include "promptcl/report/page/sections.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>

namespace promptcl::report {
namespace {

Markup picture(const RunRecord& run, const Example& example) {
    const std::string origin = example.origin.empty()
                                   ? fmt::format("test image {}", example.made.image_id)
                                   : example.origin;
    if (example.png.empty()) return element("span", {{"class", "blank"}}, "no picture");
    const auto source =
        "data:image/png;base64," + io::base64(std::as_bytes(std::span(example.png)));
    const auto described = fmt::format("a {}: {}", run.class_name(example.made.label), origin);
    return empty_element("img", {{"src", source}, {"alt", described}, {"title", origin}});
}

Markup card(const RunRecord& run, const Example& example) {
    const Prediction& made = example.made;
    Markup lines = element("b", {}, run.class_name(made.label));
    if (!made.right())
        lines += element("span", {{"class", "wrong"}},
                         fmt::format("taken for {}", run.class_name(made.predicted)));
    lines +=
        element("small", {},
                fmt::format("task {}, confidence {}", made.task + 1, percent(made.confidence, 0)));
    if (!made.prompts.empty())
        lines += element("small", {},
                         fmt::format("{} {}", made.prompts.size() == 1 ? "prompt" : "prompts",
                                     fmt::join(made.prompts, ", ")));
    return element("li", {}, picture(run, example) + element("div", {}, lines));
}

Markup gallery(const RunRecord& run, const std::string& title,
               const std::vector<Example>& examples) {
    Markup cards;
    for (const Example& example : examples)
        cards += card(run, example);
    if (cards.empty()) return {};
    return element("h4", {}, title) + element("ul", {{"class", "gallery"}}, cards);
}

Markup of_run(const RunRecord& run) {
    if (!run.predictions)
        return missing("The predictions of this run are not there. Write them with",
                       run.eval_command());
    Markup content;
    if (!run.without_images.empty())
        content += missing(fmt::format("The pictures are missing: {}.", run.without_images));
    return content + gallery(run, "Wrong, the surest first", run.examples.wrong) +
           gallery(run, "Right, the surest first", run.examples.right);
}

}  // namespace

Section examples_section(Runs runs) {
    return {
        "examples", "Right and wrong images",
        element(
            "p", {{"class", "hint"}},
            "Test images of each task, batch-wise: of each class first the one that the run was "
            "surest about. Pictures are as the run reads them, which may be squashed to a "
            "square.") +
            for_each_run(runs, [](const RunRecord& run, std::size_t) { return of_run(run); })};
}

}  // namespace promptcl::report

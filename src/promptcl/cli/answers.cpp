#include "promptcl/cli/answers.h"

#include "promptcl/cli/table.h"

#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace promptcl::cli {
namespace {

std::string to_text(const predict::ShownAnswer& answer) {
    std::string text = answer.image;
    if (!answer.prompts.empty())
        text += fmt::format("  (prompts {})", fmt::join(answer.prompts, ", "));
    text += "\n";
    if (answer.likeness && answer.likeness->rejected) {
        text += fmt::format(
            "rejected: unlike what was learnt (similarity to its prompts' keys {:.3f}, to the "
            "nearest class {:.3f})\n",
            answer.likeness->key, answer.likeness->class_mean);
    }
    std::vector<Row> rows;
    for (const auto& [name, probability] : answer.classes)
        rows.push_back({fmt::format("{:6.2f} %", 100 * probability), name});
    return text + format_table({"  share", "class"}, rows);
}

/// A line for each class that is shown; the header before the first.
std::string to_csv(const predict::ShownAnswer& answer, bool header) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < answer.classes.size(); ++i) {
        const bool rejected = answer.likeness && answer.likeness->rejected;
        rows.push_back({answer.image, std::to_string(i + 1), answer.classes[i].name,
                        fmt::format("{:.6f}", answer.classes[i].probability),
                        rejected ? "yes" : "no"});
    }
    std::string text = csv_table({"image", "rank", "class", "probability", "rejected"}, rows);
    return header ? text : text.substr(text.find('\n') + 1);
}

}  // namespace

void AnswerPrinter::print(const predict::ShownAnswer& answer) {
    switch (form_) {
        case AnswerForm::kText:
            fmt::print("{}", to_text(answer));
            break;
        case AnswerForm::kJsonLines:
            fmt::print("{}\n", to_json(answer).dump());
            break;
        case AnswerForm::kCsv:
            fmt::print("{}", to_csv(answer, !begun_));
            break;
    }
    begun_ = true;
    std::fflush(stdout);  // who reads a pipe waits for this answer
}

}  // namespace promptcl::cli

#include "promptcl/cli/answers.h"

#include "promptcl/cli/table.h"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <numeric>

namespace promptcl::cli {
namespace {

nlohmann::ordered_json to_json(const ShownAnswer& answer) {
    nlohmann::ordered_json classes = nlohmann::ordered_json::array();
    for (const auto& [name, probability] : answer.classes)
        classes.push_back({{"class", name}, {"probability", probability}});
    nlohmann::ordered_json json = {
        {"image", answer.image}, {"classes", classes}, {"prompts", answer.prompts}};
    if (answer.likeness) {
        json["likeness"] = {{"key", answer.likeness->key},
                            {"class_mean", answer.likeness->class_mean}};
        json["rejected"] = answer.likeness->rejected;
    }
    return json;
}

std::string to_text(const ShownAnswer& answer) {
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
std::string to_csv(const ShownAnswer& answer, bool header) {
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

std::vector<ShownAnswer::Class> best_classes(const std::vector<double>& probabilities,
                                             const std::vector<std::string>& names,
                                             std::int64_t top_k) {
    std::vector<std::size_t> order(names.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [&](std::size_t i) { return probabilities[i]; });
    order.resize(std::min(order.size(), static_cast<std::size_t>(top_k)));
    std::vector<ShownAnswer::Class> best;
    for (const std::size_t i : order)
        best.push_back({.name = names[i], .probability = probabilities[i]});
    return best;
}

void AnswerPrinter::print(const ShownAnswer& answer) {
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

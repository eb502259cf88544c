#include "promptcl/report/predictions.h"

#include "promptcl/core/error.h"
#include "promptcl/io/npz.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <set>
#include <span>
#include <string>

namespace promptcl::report {
namespace {

/// One of the two tables of the file: arrays that begin with `prefix`.
class Reader {
  public:
    Reader(const io::ArrayMap& arrays, std::string prefix, const std::filesystem::path& file)
        : arrays_(arrays), prefix_(std::move(prefix)), file_(file) {}

    std::vector<Prediction> read(Competing competing) const {
        const io::Array& logits = array("logits", 2);
        const auto rows = logits.shape[0], classes = logits.shape[1];
        const auto scores = logits.as_float();
        const auto labels = column("label", rows), tasks = column("task", rows),
                   ids = column("image_id", rows);
        std::map<std::int64_t, std::set<std::int64_t>> classes_of;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i] < 0 || labels[i] >= classes || tasks[i] < 0 || tasks[i] >= rows)
                fail("holds labels or tasks out of range");
            classes_of[tasks[i]].insert(labels[i]);
        }
        std::vector<Prediction> predictions;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const auto width = static_cast<std::size_t>(classes);
            auto& made = predictions.emplace_back(
                Prediction{.image_id = ids[i], .task = tasks[i], .label = labels[i]});
            decide(made, std::span(scores).subspan(i * width, width),
                   competing == Competing::kAll ? nullptr : &classes_of.at(tasks[i]));
        }
        add_prompts(predictions);
        return predictions;
    }

  private:
    static void decide(Prediction& made, std::span<const float> scores,
                       const std::set<std::int64_t>* among) {
        const auto competes = [&](std::size_t c) {
            return among == nullptr || among->contains(static_cast<std::int64_t>(c));
        };
        double best = -INFINITY, sum = 0;
        for (std::size_t c = 0; c < scores.size(); ++c) {
            if (!competes(c) || !(scores[c] > best)) continue;
            best = scores[c];
            made.predicted = static_cast<std::int64_t>(c);
        }
        for (std::size_t c = 0; c < scores.size(); ++c) {
            if (competes(c)) sum += std::exp(scores[c] - best);
        }
        made.confidence = 1 / sum;
    }

    void add_prompts(std::vector<Prediction>& predictions) const {
        if (!arrays_.contains(prefix_ + "prompt_idx")) return;
        const io::Array& chosen = array("prompt_idx", 2);
        if (chosen.shape[0] != std::ssize(predictions)) fail("has arrays of different lengths");
        const auto ids = chosen.as_int();
        const auto each = chosen.shape[1];
        for (std::int64_t i = 0; i < std::ssize(predictions); ++i) {
            predictions[static_cast<std::size_t>(i)].prompts.assign(ids.begin() + i * each,
                                                                    ids.begin() + (i + 1) * each);
        }
    }

    const io::Array& array(const std::string& name, std::size_t dimensions) const {
        const auto found = arrays_.find(prefix_ + name);
        if (found == arrays_.end()) fail(fmt::format("has no array {}{}", prefix_, name));
        if (found->second.shape.size() != dimensions)
            fail(fmt::format("has an array {}{} of another shape", prefix_, name));
        return found->second;
    }

    std::vector<std::int64_t> column(const std::string& name, std::int64_t rows) const {
        const io::Array& values = array(name, 1);
        if (values.shape[0] != rows) fail("has arrays of different lengths");
        return values.as_int();
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw Error(fmt::format("{} {}", file_.string(), what),
                    "write it anew with promptcl eval RUN --predictions FILE");
    }

    const io::ArrayMap& arrays_;
    std::string prefix_;
    const std::filesystem::path& file_;
};

}  // namespace

Predictions read_predictions(const std::filesystem::path& npz, Competing competing) {
    const io::ArrayMap arrays = io::read_npz(npz);
    return {.configured = Reader(arrays, "", npz).read(competing),
            .instance = Reader(arrays, "instance/", npz).read(competing)};
}

std::vector<double> accuracies(const std::vector<Prediction>& predictions) {
    std::vector<double> right, all;
    for (const Prediction& made : predictions) {
        const auto task = static_cast<std::size_t>(made.task);
        if (task >= all.size()) {
            right.resize(task + 1);
            all.resize(task + 1);
        }
        right[task] += made.right() ? 1 : 0;
        all[task] += 1;
    }
    for (std::size_t task = 0; task < all.size(); ++task)
        right[task] /= std::max(all[task], 1.0);
    return right;
}

}  // namespace promptcl::report

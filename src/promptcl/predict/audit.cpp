#include "promptcl/predict/audit.h"

#include "promptcl/core/rng.h"
#include "promptcl/data/transform.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace promptcl::predict {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::size_t kBatch = 16;  // of arithmetic

/// A test image by its place among all of them.
struct Image {
    const data::Dataset* images;
    std::int64_t id, label;
    std::size_t task;
};

std::vector<Image> all_images(std::span<const LabelledImages> tests) {
    std::vector<Image> result;
    for (std::size_t task = 0; task < tests.size(); ++task) {
        for (std::size_t i = 0; i < tests[task].ids.size(); ++i)
            result.push_back(
                {tests[task].images, tests[task].ids[i], tests[task].classes[i], task});
    }
    return result;
}

/// Whether the classifier is right about an image that gets some prompts; each pair is looked at
/// once.
class Verdicts {
  public:
    Verdicts(const Predictor& predictor, const std::vector<Image>& images)
        : predictor_(predictor),
          images_(images),
          transform_(predictor.classifier().state.config.images) {}

    /// Asks for all that is not known yet of images with the prompts that each gets.
    void find(const std::vector<Ids>& prompts, const OnProgress& progress) {
        std::vector<std::size_t> unknown;
        for (std::size_t i = 0; i < prompts.size(); ++i) {
            if (!right_.contains({i, prompts[i]})) unknown.push_back(i);
        }
        for (std::size_t first = 0; first < unknown.size(); first += kBatch) {
            const auto some =
                std::span(unknown).subspan(first, std::min(kBatch, unknown.size() - first));
            judge(some, prompts);
            progress(static_cast<std::int64_t>(first + some.size()), std::ssize(unknown));
        }
    }
    bool right(std::size_t image, const Ids& prompts) const { return right_.at({image, prompts}); }
    std::int64_t passes() const { return std::ssize(right_); }

    /// The pixels of some images, transformed for evaluation.
    std::vector<float> pixels(std::span<const std::size_t> some) const {
        const auto size = static_cast<std::size_t>(transform_.output_size());
        std::vector<float> result(some.size() * size);
        for (std::size_t i = 0; i < some.size(); ++i) {
            const Image& image = images_[some[i]];
            transform_.evaluate(image.images->image(image.id),
                                std::span(result).subspan(i * size, size));
        }
        return result;
    }

  private:
    void judge(std::span<const std::size_t> some, const std::vector<Ids>& prompts) {
        std::vector<Choice> choices;
        for (const std::size_t i : some)
            choices.push_back({.ids = prompts[i]});
        const auto features = predictor_.features(pixels(some), choices);
        for (std::size_t i = 0; i < some.size(); ++i) {
            const auto logits = predictor_.logits(features[i]);
            const auto best = std::ranges::max_element(logits) - logits.begin();
            right_[{some[i], prompts[some[i]]}] = best == images_[some[i]].label;
        }
    }

    const Predictor& predictor_;
    const std::vector<Image>& images_;
    data::Transform transform_;
    std::map<std::pair<std::size_t, Ids>, bool> right_;
};

/// The prompts of every image when those at `order` vote in batches, none of which crosses a
/// border.
std::vector<Ids> voted(const std::vector<Ids>& own, std::span<const std::size_t> order,
                       std::span<const std::size_t> borders, std::size_t batch) {
    std::vector<Ids> result(own.size());
    std::size_t begin = 0;
    for (const std::size_t border : borders) {
        for (; begin < border; begin = std::min(begin + batch, border)) {
            const auto members = order.subspan(begin, std::min(batch, border - begin));
            std::vector<Ids> choices;
            for (const std::size_t i : members)
                choices.push_back(own[i]);
            const Ids prompts = vote(choices, own[members.front()].size());
            for (const std::size_t i : members)
                result[i] = prompts;
        }
    }
    return result;
}

}  // namespace

std::vector<std::int64_t> vote(std::span<const std::vector<std::int64_t>> choices,
                               std::size_t top_k) {
    std::map<std::int64_t, std::int64_t> counts;
    for (const auto& choice : choices) {
        for (const std::int64_t id : choice)
            ++counts[id];
    }
    std::vector<std::pair<std::int64_t, std::int64_t>> ranked(counts.begin(), counts.end());
    std::ranges::stable_sort(ranked, std::ranges::greater(),
                             &std::pair<std::int64_t, std::int64_t>::second);
    Ids result;
    for (std::size_t i = 0; i < std::min(top_k, ranked.size()); ++i)
        result.push_back(ranked[i].first);
    std::ranges::sort(result);
    return result;
}

Audit audit(const Predictor& predictor, std::span<const LabelledImages> tests,
            std::span<const std::int64_t> batches, std::uint64_t seed, const OnProgress& progress) {
    const auto images = all_images(tests);
    Verdicts verdicts(predictor, images);
    std::vector<std::size_t> in_order(images.size());
    std::iota(in_order.begin(), in_order.end(), std::size_t{0});

    std::vector<Ids> own;
    for (std::size_t first = 0; first < images.size(); first += kBatch) {
        const auto some =
            std::span(in_order).subspan(first, std::min(kBatch, images.size() - first));
        for (Choice& choice : predictor.choose(verdicts.pixels(some), std::ssize(some))) {
            std::ranges::sort(choice.ids);
            own.push_back(std::move(choice.ids));
        }
        progress(std::ssize(own), std::ssize(images));
    }

    const auto average = [&](const std::vector<Ids>& prompts) {
        verdicts.find(prompts, progress);
        std::vector<double> right(tests.size());
        for (std::size_t i = 0; i < images.size(); ++i)
            right[images[i].task] += verdicts.right(i, prompts[i]) ? 1 : 0;
        double sum = 0;
        for (std::size_t task = 0; task < tests.size(); ++task)
            sum += right[task] / static_cast<double>(tests[task].ids.size());
        return sum / static_cast<double>(tests.size());
    };
    std::vector<std::size_t> shuffled, ends_of_tasks;
    for (const std::int64_t i :
         Rng(seed).fork("audit").permutation(static_cast<std::int64_t>(images.size())))
        shuffled.push_back(static_cast<std::size_t>(i));
    for (const LabelledImages& test : tests)
        ends_of_tasks.push_back((ends_of_tasks.empty() ? 0 : ends_of_tasks.back()) +
                                test.ids.size());
    const std::size_t end[] = {images.size()};

    Audit result{.instance = average(own), .rows = {}, .images = std::ssize(images)};
    for (const std::int64_t batch : batches) {
        const auto size = static_cast<std::size_t>(batch);
        result.rows.push_back({.batch = batch,
                               .per_task = average(voted(own, in_order, ends_of_tasks, size)),
                               .mixed = average(voted(own, shuffled, end, size))});
    }
    result.prompted_passes = verdicts.passes();
    return result;
}

}  // namespace promptcl::predict

#include "promptcl/predict/measure.h"

#include "promptcl/core/error.h"
#include "promptcl/data/transform.h"

#include <algorithm>
#include <array>
#include <utility>

namespace promptcl::predict {
namespace {

constexpr std::int64_t kBatch = 16;
constexpr std::array kFalseAlarms = {0.01, 0.02, 0.05, 0.10};

/// Means of vectors [D] by class.
class Means {
  public:
    Means(std::int64_t classes, std::int64_t width)
        : width_(width), sums_(static_cast<std::size_t>(classes * width)) {}

    void add(std::int64_t of, std::span<const float> x) {
        const auto at = sums_.begin() + of * width_;
        std::transform(x.begin(), x.end(), at, at,
                       [](float value, double sum) { return sum + static_cast<double>(value); });
    }
    void write(std::int64_t of, double count, std::vector<float>& rows) const {
        std::transform(sums_.begin() + of * width_, sums_.begin() + (of + 1) * width_,
                       rows.begin() + of * width_,
                       [&](double sum) { return static_cast<float>(sum / count); });
    }

  private:
    std::int64_t width_;
    std::vector<double> sums_;
};

/// Answers and truth of some held-out images.
struct Half {
    std::vector<float> logits;
    std::vector<std::int64_t> labels;
    std::vector<model::Likeness> likeness;

    model::Scored scored() const { return {logits, labels}; }
};

std::int64_t best_of(std::span<const float> logits) {
    return std::ranges::max_element(logits) - logits.begin();
}

void replace(model::State& state, const char* name, const std::vector<float>& values) {
    io::Array& array = state.arrays.at(name);
    array = io::Array::of(std::span<const float>(values), array.shape);
}

}  // namespace

OnProgress progress_of(data::OpenObserver& observer, std::string what) {
    return [&observer, what = std::move(what)](std::int64_t done, std::int64_t total) {
        observer.progress(what, done, total);
    };
}

void answer_each(const Predictor& predictor, const data::Dataset& images,
                 std::span<const std::int64_t> ids,
                 const std::function<void(std::size_t, const Answer&)>& take,
                 const OnProgress& progress) {
    const config::Config& config = predictor.classifier().state.config;
    const data::Transform transform(config.images);
    const auto size = static_cast<std::size_t>(transform.output_size());
    std::vector<float> pixels(static_cast<std::size_t>(kBatch) * size);
    for (std::size_t first = 0; first < ids.size(); first += kBatch) {
        const std::size_t count = std::min(ids.size() - first, static_cast<std::size_t>(kBatch));
        for (std::size_t i = 0; i < count; ++i)
            transform.evaluate(images.image(ids[first + i]),
                               std::span(pixels).subspan(i * size, size));
        const auto answers = predictor.answer(std::span(pixels).first(count * size),
                                              static_cast<std::int64_t>(count));
        for (std::size_t i = 0; i < count; ++i)
            take(first + i, answers[i]);
        progress(static_cast<std::int64_t>(first + count), std::ssize(ids));
    }
}

LabelledImages first_of_each_class(const LabelledImages& all, std::int64_t classes,
                                   std::int64_t most) {
    std::vector<std::int64_t> taken(static_cast<std::size_t>(classes));
    LabelledImages result{.images = all.images, .ids = {}, .classes = {}};
    for (std::size_t i = 0; i < all.ids.size(); ++i) {
        if (taken.at(static_cast<std::size_t>(all.classes[i]))++ >= most) continue;
        result.ids.push_back(all.ids[i]);
        result.classes.push_back(all.classes[i]);
    }
    return result;
}

void set_class_means(model::State& state, const Predictor& predictor, const LabelledImages& shown,
                     const OnProgress& progress) {
    const std::int64_t classes = std::ssize(state.class_names),
                       width = predictor.backbone().geometry().width;
    Means queries(classes, width), features(classes, width);
    std::vector<double> counts(static_cast<std::size_t>(classes));
    answer_each(
        predictor, *shown.images, shown.ids,
        [&](std::size_t place, const Answer& answer) {
            const std::int64_t of = shown.classes[place];
            queries.add(of, answer.query);
            features.add(of, answer.feature);
            ++counts[static_cast<std::size_t>(of)];
        },
        progress);
    std::vector<float> query = state.arrays.at("class/query").as_float(),
                       feature = state.arrays.at("class/feature").as_float(),
                       images = state.arrays.at("class/images").as_float();
    for (std::int64_t c = 0; c < classes; ++c) {
        const double count = counts[static_cast<std::size_t>(c)];
        if (count == 0) continue;
        queries.write(c, count, query);
        features.write(c, count, feature);
        images[static_cast<std::size_t>(c)] = static_cast<float>(count);
    }
    replace(state, "class/query", query);
    replace(state, "class/feature", feature);
    replace(state, "class/images", images);
}

HeldOut calibrate(model::State& state, const Predictor& predictor, const LabelledImages& held_out,
                  const OnProgress& progress) {
    if (held_out.ids.empty()) return {};
    Half fitted, measured;
    std::vector<std::int64_t> seen(state.class_names.size());
    std::int64_t right = 0;
    answer_each(
        predictor, *held_out.images, held_out.ids,
        [&](std::size_t place, const Answer& answer) {
            const std::int64_t truth = held_out.classes[place];
            const bool first = seen.at(static_cast<std::size_t>(truth))++ % 2 == 0;
            Half& half = first ? fitted : measured;
            half.logits.insert(half.logits.end(), answer.logits.begin(), answer.logits.end());
            half.labels.push_back(truth);
            half.likeness.push_back(answer.likeness);
            right += best_of(answer.logits) == truth ? 1 : 0;
        },
        progress);
    const Half& others = measured.labels.empty() ? fitted : measured;
    model::Calibration& calibration = state.calibration;
    calibration = {.temperature = model::fit_temperature(fitted.scored()),
                   .images = std::ssize(fitted.labels),
                   .thresholds = {}};
    for (const double wanted : kFalseAlarms)
        calibration.thresholds.push_back(
            model::fit_threshold(fitted.likeness, others.likeness, wanted));
    return {
        .images = std::ssize(held_out.ids),
        .accuracy = static_cast<double>(right) / static_cast<double>(held_out.ids.size()),
        .calibration_error_before = model::calibration_error(others.scored(), 1),
        .calibration_error = model::calibration_error(others.scored(), calibration.temperature)};
}

double accuracy(const Predictor& predictor, const LabelledImages& images,
                const OnProgress& progress) {
    std::int64_t right = 0;
    answer_each(
        predictor, *images.images, images.ids,
        [&](std::size_t place, const Answer& answer) {
            right += best_of(answer.logits) == images.classes[place] ? 1 : 0;
        },
        progress);
    return images.ids.empty() ? 0
                              : static_cast<double>(right) / static_cast<double>(images.ids.size());
}

}  // namespace promptcl::predict

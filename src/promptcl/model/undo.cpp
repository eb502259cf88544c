#include "promptcl/model/undo.h"

#include "promptcl/config/json.h"
#include "promptcl/core/error.h"
#include "promptcl/io/dtype.h"
#include "promptcl/io/json.h"
#include "promptcl/model/json.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <functional>
#include <numeric>

namespace promptcl::model {
namespace {

/// Copies the corner `shape` of an array of shape `from_shape`, dimension by dimension.
class Corner {
  public:
    Corner(const io::Array& from, io::Array& to) : from_(from), to_(to) {
        row_ = io::dtype_named(from.dtype).size *
               static_cast<std::size_t>(to.shape.empty() ? 1 : to.shape.back());
    }

    /// The part with the leading indices that led to `offset`, in elements of `from`.
    void copy(std::size_t dimension, std::size_t offset) {
        if (dimension + 1 >= to_.shape.size()) {
            const std::size_t size = io::dtype_named(from_.dtype).size;
            std::memcpy(to_.bytes.data() + next_, from_.bytes.data() + offset * size, row_);
            next_ += row_;
            return;
        }
        const auto inner =
            std::accumulate(from_.shape.begin() + static_cast<std::ptrdiff_t>(dimension) + 1,
                            from_.shape.end(), std::int64_t{1}, std::multiplies<>());
        for (std::int64_t i = 0; i < to_.shape[dimension]; ++i)
            copy(dimension + 1, offset + static_cast<std::size_t>(i * inner));
    }

  private:
    const io::Array& from_;
    io::Array& to_;
    std::size_t row_ = 0, next_ = 0;  // bytes
};

}  // namespace

std::optional<io::Array> leading_corner(const io::Array& array, const io::Shape& shape) {
    if (array.shape == shape) return array;
    if (array.shape.size() != shape.size()) return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] < 0 || shape[i] > array.shape[i]) return std::nullopt;
    }
    io::Array result{.dtype = array.dtype, .shape = shape, .bytes = {}};
    const auto bytes = io::byte_count(shape, io::dtype_named(array.dtype).size);
    result.bytes.resize(static_cast<std::size_t>(bytes.value()));
    if (!result.bytes.empty()) Corner(array, result).copy(0, 0);
    return result;
}

void remember(Event& event, const State& before, const State& after) {
    event.undo = {{"config", config::to_json(before.config)},
                  {"tasks_learnt", before.tasks_learnt},
                  {"class_names", before.class_names},
                  {"calibration", to_json(before.calibration)},
                  {"grown", nlohmann::json::object()}};
    event.undo_arrays.clear();
    for (const auto& [name, array] : before.arrays) {
        const auto now = after.arrays.find(name);
        const bool grew = now != after.arrays.end() && now->second.dtype == array.dtype &&
                          leading_corner(now->second, array.shape) == array;
        if (grew) {
            event.undo["grown"][name] = array.shape;
        } else {
            event.undo_arrays[name] = array;
        }
    }
}

Classifier rolled_back(const Classifier& classifier, const std::string& place) {
    if (classifier.history.size() < 2) {
        throw UsageError(fmt::format("{} has no step to go back: it is as it was exported", place),
                         "`promptcl model show FILE` lists its steps");
    }
    const Event& last = classifier.history.back();
    Classifier result{.backbone = classifier.backbone, .state = {}, .history = classifier.history};
    result.history.pop_back();
    try {
        result.state = {.config = config::from_json(last.undo.at("config"), "in " + place),
                        .tasks_learnt = io::whole_number(last.undo.at("tasks_learnt")),
                        .class_names = last.undo.at("class_names"),
                        .arrays = last.undo_arrays,
                        .calibration = calibration_from_json(last.undo.at("calibration"))};
        for (const auto& [name, shape] : last.undo.at("grown").items()) {
            const auto now = classifier.state.arrays.find(name);
            std::optional<io::Array> old;
            if (now != classifier.state.arrays.end())
                old = leading_corner(now->second, io::whole_numbers(shape));
            if (!old)
                throw Error(
                    fmt::format("{} is damaged: its step before the last lost {}", place, name),
                    "give an undamaged copy");
            result.state.arrays[name] = std::move(*old);
        }
    } catch (const nlohmann::json::exception& error) {
        throw Error(fmt::format("{} is damaged: {}", place, error.what()),
                    "give an undamaged copy");
    }
    require_sound(result, place);
    return result;
}

}  // namespace promptcl::model

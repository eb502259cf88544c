// A classifier as it is handed on: all that was learnt over a frozen ViT, without the ViT.
#pragma once

#include "promptcl/backbone/geometry.h"
#include "promptcl/config/config.h"
#include "promptcl/io/array.h"
#include "promptcl/model/calibration.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::model {

/// Which ViT a classifier belongs to.
struct BackboneIdentity {
    backbone::Geometry geometry;
    std::string sha256;  // of its file
    std::string file;    // its name when the classifier was made, without folders

    friend bool operator==(const BackboneIdentity& a, const BackboneIdentity& b) {
        return a.sha256 == b.sha256 && a.geometry.same_shape(b.geometry);
    }
};

/// What makes the answers, and changes when classes come and go. Letters: C classes, D width.
///
/// Arrays: what a run learnt (docs/formats.md, model file), the head's columns those of
/// `class_names` in that order, and for each class what its training images look like on average:
///   class/query    [C, D]  mean query
///   class/feature  [C, D]  mean input of the head, each image with the prompts of its own choice
///   class/images   [C]     how many images these are means of; 0: nothing is known of the class
struct State {
    config::Config config;
    std::int64_t tasks_learnt = 0;
    std::vector<std::string> class_names;  // C of them, all different
    io::ArrayMap arrays;
    Calibration calibration;
};

/// One change of a classifier, and how to take it back.
struct Event {
    std::string when;                  // UTC, "2026-11-26T01:30:00Z"
    std::string action;                // "export", "learn", "extend", "remove", "rename", "merge"
    std::vector<std::string> classes;  // that came, went or got this name
    std::int64_t images = 0;           // that it was learnt from
    nlohmann::json results;            // what was measured, an object
    nlohmann::json undo;               // see model/undo.h; null for the first event
    io::ArrayMap undo_arrays;
};

struct Classifier {
    BackboneIdentity backbone;
    State state;
    std::vector<Event> history;  // oldest first; the first made the classifier

    std::int64_t classes() const { return static_cast<std::int64_t>(state.class_names.size()); }
};

/// Whether an array has a row or a column for each class, and in which dimension.
std::optional<std::size_t> class_dimension(const std::string& array);

/// Throws Error naming `place` and the first array that is missing, unknown, not float32 or of a
/// shape that does not fit the configuration, the backbone and the classes, or what is wrong with
/// names and numbers.
void require_sound(const Classifier& classifier, const std::string& place);

}  // namespace promptcl::model

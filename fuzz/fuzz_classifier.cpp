// Any contents of a model file are a classifier that can be written, changed and taken back, or an
// Error. An input is JSON: {"metadata": {name: value}, "arrays": {name: {"dtype", "shape"}}}.
#include "promptcl/core/error.h"
#include "promptcl/io/dtype.h"
#include "promptcl/io/json.h"
#include "promptcl/model/classifier_file.h"
#include "promptcl/model/edit.h"
#include "promptcl/model/growth.h"
#include "promptcl/model/undo.h"

#include "tests/support/small_classifier.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/json_mutator.h"

namespace {

using namespace promptcl;
using nlohmann::json;

constexpr std::int64_t kMostBytes = 1 << 20;  // of an array
constexpr const char* kNow = "2026-01-02T03:04:05Z";

/// What the file holds that `document` describes; nothing of arrays that no file could hold.
io::SafeTensors contents(const json& document) {
    io::SafeTensors result;
    for (const auto& [name, value] : document.at("metadata").items())
        result.metadata[name] = value.is_string() ? value.get<std::string>() : value.dump();
    for (const auto& [name, value] : document.at("arrays").items()) {
        io::Array array{
            .dtype = value.at("dtype"), .shape = io::whole_numbers(value.at("shape")), .bytes = {}};
        const auto* dtype = io::find_dtype(array.dtype);
        const auto bytes = dtype ? io::byte_count(array.shape, dtype->size) : std::nullopt;
        if (!bytes || *bytes > kMostBytes) continue;
        array.bytes.resize(static_cast<std::size_t>(*bytes));
        result.arrays[name] = std::move(array);
    }
    return result;
}

json document(const io::SafeTensors& contents) {
    json result;
    for (const auto& [name, text] : contents.metadata)
        result["metadata"][name] = json::accept(text) ? json::parse(text) : json(text);
    for (const auto& [name, array] : contents.arrays)
        result["arrays"][name] = {{"dtype", array.dtype}, {"shape", array.shape}};
    return result;
}

/// Classifiers of every kind, with a history of every kind of step.
std::vector<json> examples() {
    const auto l2p = support::small_classifier(support::small_l2p(), {"cat", "dog"});
    const auto dual = support::small_classifier(support::small_dualprompt(), {"cat", "dog", "owl"});
    const auto other = support::small_classifier(support::small_l2p(), {"red"}, 2);
    const std::array<std::string, 1> cat = {"cat"};
    std::vector<json> result;
    for (const auto& classifier :
         {l2p, model::renamed(model::removed(dual, cat, kNow), "dog", "wolf", kNow),
          model::merged({l2p, "l2p"}, {other, "other"}, kNow)})
        result.push_back(document(model::contents_of(classifier, "an example")));
    return result;
}

void expect_same(const model::Classifier& a, const model::Classifier& b) {
    const auto first = model::contents_of(a, "a"), second = model::contents_of(b, "b");
    require(first.arrays == second.arrays && first.metadata == second.metadata,
            "a classifier survives being written and read, and being changed and taken back");
}

/// `change` gives a classifier that a file can hold and that goes back to `before`, or cannot be.
template <class Change>
void expect_undone(const model::Classifier& before, Change change) {
    try {
        const model::Classifier after = change();
        expect_same(after, model::classifier_in(model::contents_of(after, "after"), "after"));
        expect_same(before, model::rolled_back(after, "after"));
    } catch (const UsageError&) {
    }
}

void expect_usable(const model::Classifier& classifier) {
    expect_same(classifier, model::classifier_in(model::contents_of(classifier, "it"), "again"));
    const std::array<std::string, 1> first = {classifier.state.class_names.front()};
    expect_undone(classifier, [&] { return model::removed(classifier, first, kNow); });
    expect_undone(classifier, [&] { return model::renamed(classifier, first[0], "new", kNow); });
    model::Classifier other = classifier;
    for (std::string& name : other.state.class_names)
        name += " too";
    expect_undone(classifier, [&] {
        return model::merged({classifier, "one"}, {other, "other"}, kNow);
    });
    model::growth_of(classifier, first, model::Known::kExtended, "it");
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    static const std::vector<json> begun = examples();
    return fuzz::mutate_json(begun, data, size, most, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    io::SafeTensors file;
    try {
        file = contents(json::parse(data, data + size));
    } catch (const json::exception&) {
        return -1;  // no description of a file
    }
    try {
        model::Classifier classifier = model::classifier_in(std::move(file), "x.pcl");
        for (expect_usable(classifier); classifier.history.size() > 1; expect_usable(classifier))
            classifier = model::rolled_back(classifier, "x.pcl");
    } catch (const Error&) {
    }
    return 0;
}

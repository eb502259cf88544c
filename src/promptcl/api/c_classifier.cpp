#include "promptcl/api/c_handles.h"
#include "promptcl/core/version.h"

#include <algorithm>
#include <fmt/format.h>

using namespace promptcl;
using api::guarded;
using api::require_given;

namespace promptcl::api {

std::vector<std::string> texts(const char* const* list, std::size_t count, const char* name) {
    std::vector<std::string> result;
    if (count > 0) require_given(list, name);
    for (std::size_t i = 0; i < count; ++i) {
        require_given(list[i], fmt::format("{}[{}]", name, i).c_str());
        result.emplace_back(list[i]);
    }
    return result;
}

namespace {

/// Gives the caller a classifier to close.
promptcl_status hand_out(Classifier classifier, promptcl_classifier** place) {
    *place = new promptcl_classifier{std::move(classifier)};
    return PROMPTCL_OK;
}

/// Writes the probabilities that `ask(classifier)` answers.
template <class Ask>
promptcl_status classify(const promptcl_classifier* classifier, double* probabilities,
                         const Ask& ask) {
    return guarded([&] {
        require_given(classifier, "classifier");
        require_given(probabilities, "probabilities");
        std::ranges::copy(ask(classifier->classifier).probabilities, probabilities);
        return PROMPTCL_OK;
    });
}

}  // namespace
}  // namespace promptcl::api

const char* promptcl_version(void) {
    return kVersion;
}

promptcl_status promptcl_backbone_open(const char* file, int threads,
                                       promptcl_backbone** backbone) {
    return guarded([&] {
        require_given(file, "file");
        require_given(backbone, "backbone");
        *backbone = new promptcl_backbone{Backbone(file, threads)};
        return PROMPTCL_OK;
    });
}

void promptcl_backbone_close(promptcl_backbone* backbone) {
    delete backbone;
}

promptcl_status promptcl_classifier_open(const char* file, const promptcl_backbone* backbone,
                                         promptcl_classifier** classifier) {
    return guarded([&] {
        require_given(file, "file");
        require_given(classifier, "classifier");
        return api::hand_out(backbone ? Classifier(file, backbone->vit) : Classifier(file),
                             classifier);
    });
}

promptcl_status promptcl_classifier_of_run(const char* workdir, const char* const* changes,
                                           size_t num_changes, int64_t images_per_class,
                                           promptcl_classifier** classifier) {
    return guarded([&] {
        require_given(workdir, "workdir");
        require_given(classifier, "classifier");
        const auto list = api::texts(changes, num_changes, "changes");
        return api::hand_out(Classifier::of_run(workdir, list, images_per_class), classifier);
    });
}

promptcl_status promptcl_classifier_rolled_back(const promptcl_classifier* classifier,
                                                promptcl_classifier** before) {
    return guarded([&] {
        require_given(classifier, "classifier");
        require_given(before, "before");
        return api::hand_out(classifier->classifier.rolled_back(), before);
    });
}

promptcl_status promptcl_classifier_save(const promptcl_classifier* classifier, const char* file) {
    return guarded([&] {
        require_given(classifier, "classifier");
        require_given(file, "file");
        classifier->classifier.save(file);
        return PROMPTCL_OK;
    });
}

void promptcl_classifier_close(promptcl_classifier* classifier) {
    delete classifier;
}

size_t promptcl_num_classes(const promptcl_classifier* classifier) {
    return classifier == nullptr ? 0 : classifier->classifier.class_names().size();
}

const char* promptcl_class_name(const promptcl_classifier* classifier, size_t number) {
    if (number >= promptcl_num_classes(classifier)) return nullptr;
    return classifier->classifier.class_names()[number].c_str();
}

promptcl_status promptcl_classify_file(const promptcl_classifier* classifier, const char* file,
                                       double* probabilities) {
    return api::classify(classifier, probabilities, [&](const Classifier& asked) {
        require_given(file, "file");
        return asked.classify(std::filesystem::path(file));
    });
}

promptcl_status promptcl_classify_bytes(const promptcl_classifier* classifier, const void* bytes,
                                        size_t size, double* probabilities) {
    return api::classify(classifier, probabilities, [&](const Classifier& asked) {
        require_given(bytes, "bytes");
        return asked.classify(std::span(static_cast<const std::byte*>(bytes), size));
    });
}

promptcl_status promptcl_classify_rgb(const promptcl_classifier* classifier, const uint8_t* rgb,
                                      int height, int width, double* probabilities) {
    return api::classify(classifier, probabilities, [&](const Classifier& asked) {
        require_given(rgb, "rgb");
        const auto pixels = static_cast<std::size_t>(std::max(height, 0)) *
                            static_cast<std::size_t>(std::max(width, 0));
        return asked.classify(
            Picture{.height = height, .width = width, .rgb = std::span(rgb, pixels * 3)});
    });
}

promptcl_status promptcl_classify_files(const promptcl_classifier* classifier,
                                        const char* const* files, size_t num_files,
                                        double* probabilities) {
    return guarded([&] {
        require_given(classifier, "classifier");
        require_given(probabilities, "probabilities");
        const auto names = api::texts(files, num_files, "files");
        const std::vector<std::filesystem::path> paths(names.begin(), names.end());
        for (const Answer& answer : classifier->classifier.classify(paths))
            probabilities = std::ranges::copy(answer.probabilities, probabilities).out;
        return PROMPTCL_OK;
    });
}

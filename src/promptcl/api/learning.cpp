#include "promptcl/api/opened.h"
#include "promptcl/api/watching.h"
#include "promptcl/io/temporary_folder.h"
#include "promptcl/teach/lesson_config.h"
#include "promptcl/train/teaching.h"

#include <system_error>
#include <utility>

namespace promptcl {
namespace {

namespace fs = std::filesystem;

teach::Request request_of(const Classifier::Opened& opened, const LearnOptions& options,
                          const fs::path& workdir) {
    teach::Request request{.name = opened.name,
                           .config = {},
                           .test = options.test,
                           .extend = options.extend,
                           .freeze_old = true,
                           .workdir = workdir};
    request.config = teach::lesson_config(
        opened.classifier(), options.changes,
        {.backbone = opened.vit.file(), .data = options.folder, .workdir = workdir});
    request.freeze_old = options.freeze_old.value_or(teach::freezes_by_itself(request.config));
    return request;
}

Lesson to_public(const train::Taught& taught, const Classifier::Opened& opened) {
    Lesson lesson{.classifier = Classifier(std::make_shared<Classifier::Opened>(
                      opened.vit, taught.classifier, opened.name)),
                  .images = taught.report.images,
                  .largest_logit_drift = taught.report.drift.largest_logit,
                  .old_before = {},
                  .old_after = {},
                  .new_after = {}};
    if (const auto& accuracy = taught.report.accuracy) {
        if (accuracy->old_images > 0) {
            lesson.old_before = accuracy->old_before;
            lesson.old_after = accuracy->old_after;
        }
        if (accuracy->new_images > 0) lesson.new_after = accuracy->new_after;
    }
    return lesson;
}

std::optional<Lesson> taught_in(const fs::path& workdir, const Classifier::Opened& opened,
                                const LearnOptions& options, Watcher& watcher) {
    const teach::Request request = request_of(opened, options, workdir);
    tensor::set_threads(request.config.num_threads);
    api::Reading reading(watcher);
    api::Training training(watcher);
    const auto taught = train::teach_lesson(
        opened.classifier(), request,
        {.reading = reading, .training = training, .stop = [&] { return !watcher.go_on(); }});
    if (!taught) return std::nullopt;
    std::error_code ignored;  // what stays behind does no harm
    fs::remove_all(workdir, ignored);
    return to_public(*taught, opened);
}

}  // namespace

std::optional<Lesson> learn_classes(const Classifier& classifier, const LearnOptions& options,
                                    Watcher& watcher) {
    return api::stoppable([&] {
        if (!options.workdir.empty())
            return taught_in(options.workdir, classifier.opened(), options, watcher);
        const io::TemporaryFolder folder;
        return taught_in(folder.path(), classifier.opened(), options, watcher);
    });
}

Lesson learn_classes(const Classifier& classifier, const LearnOptions& options) {
    Watcher nobody;
    return learn_classes(classifier, options, nobody).value();
}

}  // namespace promptcl

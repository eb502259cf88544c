// Teaching a classifier one task more.
#pragma once

#include "promptcl/model/growth.h"
#include "promptcl/train/experiment.h"

#include <functional>
#include <string>

namespace promptcl::train {

/// What becomes of the prompts, keys and columns of the head that were learnt before.
enum class Old { kHeld, kMoving };

struct Lesson {
    const model::Classifier& classifier;  // before
    const model::Growth& growth;
    Old old = Old::kHeld;
    std::string name;  // what errors call the classifier
};

/// The run that teaches it: the images of `open_data()`, labelled with the classes of the growth,
/// as one task without tests. `config` is the classifier's with what is wanted of this run: its
/// pool grows, nothing is replayed, and a batch is no larger than the task. UsageError when one
/// class is to be learnt under a train mask, which hides all that it could be told from; Error when
/// config.init_checkpoint is not the classifier's ViT; both before the data are opened.
Experiment open_lesson(const Lesson& lesson, const config::Config& config,
                       const std::function<data::DataSource()>& open_data);

/// What `method`, trained by that run, makes of the classifier's state.
model::State learnt_state(const Lesson& lesson, const method::Method& method);

}  // namespace promptcl::train

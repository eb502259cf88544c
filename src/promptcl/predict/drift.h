// How far a classifier has moved from what it was, as far as can be said without old images.
#pragma once

#include "promptcl/model/classifier.h"

#include <cstdint>

namespace promptcl::predict {

/// Of the classes that the earlier classifier knows, by what their images look like on average
/// (class/query q, class/feature f); classes of which nothing is known are left out.
struct Drift {
    std::int64_t classes = 0;
    // |logit_c(f_k) after - before| over the old classes c, of the feature f_k as it was: what the
    // head alone did.
    double largest_logit = 0, mean_logit = 0;
    std::int64_t other_answer = 0;   // classes k whose f_k has another largest logit, new included
    std::int64_t other_prompts = 0;  // classes k whose q_k now chooses other prompts
    // |after - before| / |before| of the prompts that earlier tasks learnt, their keys, the
    // G-prompt.
    double prompts = 0, keys = 0, general = 0;
};

/// `after` is `before` with the classes and prompts of a task more; the first `prompts` of the pool
/// are those of earlier tasks.
Drift drift_between(const model::Classifier& before, const model::Classifier& after,
                    std::int64_t prompts);

}  // namespace promptcl::predict

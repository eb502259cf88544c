/* promptcl for C: training, evaluating, teaching. Links libpromptcl_training, which loads LibTorch.
 * Keys and values are those of docs/configuration.md; changes are num_changes texts KEY=VALUE. One
 * thread at a time trains. */
#pragma once

#include "promptcl/promptcl.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Told of long work, "learning" for steps of training: done of total. Returns 0 to go on; anything
 * else stops with PROMPTCL_STOPPED, and the same call goes on from there. */
typedef int (*promptcl_progress)(const char* what, int64_t done, int64_t total, void* user);

/* Trains a run folder, or goes on with one. config: a file or the name of a shipped configuration,
 * or NULL to go on. progress may be NULL. */
PROMPTCL_API promptcl_status promptcl_train(const char* config, const char* const* changes,
                                            size_t num_changes, const char* workdir,
                                            promptcl_progress progress, void* user);

/* The mean accuracy, a fraction, of a run's newest checkpoint on the test sets of the tasks learnt:
 * prompts chosen as configured, and by every image alone. */
PROMPTCL_API promptcl_status promptcl_evaluate(const char* workdir, const char* const* changes,
                                               size_t num_changes, promptcl_progress progress,
                                               void* user, double* accuracy,
                                               double* instance_accuracy);

/* The classifier with the classes of a folder, a sub-folder of images each, beside those it knows.
 * workdir: where a stopped lesson is kept; NULL for a temporary folder. */
PROMPTCL_API promptcl_status promptcl_learn(const promptcl_classifier* classifier,
                                            const char* folder, const char* const* changes,
                                            size_t num_changes, const char* workdir,
                                            promptcl_progress progress, void* user,
                                            promptcl_classifier** learnt);

#ifdef __cplusplus
}
#endif

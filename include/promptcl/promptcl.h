/* promptcl for C, and whatever calls C: opening and asking classifiers. Links libpromptcl, which
 * needs no LibTorch; promptcl_training.h trains.
 *
 *   promptcl_classifier* pets = NULL;
 *   if (promptcl_classifier_open("pets.pcl", NULL, &pets) != PROMPTCL_OK)
 *       fprintf(stderr, "%s\n", promptcl_last_error());
 *
 * What is opened is closed; closing NULL does nothing. Paths and names are UTF-8. Any number of
 * threads may use a handle at once, except to close it. */
#pragma once

#include "promptcl/visibility.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum promptcl_status {
    PROMPTCL_OK = 0,
    PROMPTCL_USAGE = 2,   /* an argument is wrong */
    PROMPTCL_WORLD = 3,   /* a file, the disk, the data or the memory is wrong */
    PROMPTCL_STOPPED = 4, /* the caller stopped the work; it is saved */
    PROMPTCL_BUG = 70     /* promptcl is wrong */
} promptcl_status;

typedef struct promptcl_backbone promptcl_backbone;
typedef struct promptcl_classifier promptcl_classifier;

/* "0.1.0". */
PROMPTCL_API const char* promptcl_version(void);
/* One sentence on the last call of this thread that failed; valid until its next one that fails. */
PROMPTCL_API const char* promptcl_last_error(void);

/* A frozen ViT in a file, .npz or .safetensors, shared by any number of classifiers, which may
 * outlive it. threads: 0 for one for each usable CPU. */
PROMPTCL_API promptcl_status promptcl_backbone_open(const char* file, int threads,
                                                    promptcl_backbone** backbone);
PROMPTCL_API void promptcl_backbone_close(promptcl_backbone* backbone);

/* A model file (.pcl). backbone: NULL to look for the ViT beside the file, in the current folder
 * and in data/NAME/. */
PROMPTCL_API promptcl_status promptcl_classifier_open(const char* file,
                                                      const promptcl_backbone* backbone,
                                                      promptcl_classifier** classifier);
/* What the run in a folder learnt, calibrated on images_per_class of its images of each class; 0:
 * its data are not opened. changes: num_changes texts KEY=VALUE for where its files lie now. */
PROMPTCL_API promptcl_status promptcl_classifier_of_run(const char* workdir,
                                                        const char* const* changes,
                                                        size_t num_changes,
                                                        int64_t images_per_class,
                                                        promptcl_classifier** classifier);
/* The classifier before its last change. */
PROMPTCL_API promptcl_status promptcl_classifier_rolled_back(const promptcl_classifier* classifier,
                                                             promptcl_classifier** before);
/* Writes the model file, whole or not at all. */
PROMPTCL_API promptcl_status promptcl_classifier_save(const promptcl_classifier* classifier,
                                                      const char* file);
PROMPTCL_API void promptcl_classifier_close(promptcl_classifier* classifier);

PROMPTCL_API size_t promptcl_num_classes(const promptcl_classifier* classifier);
/* Valid as long as the classifier; NULL for a number that is no class. */
PROMPTCL_API const char* promptcl_class_name(const promptcl_classifier* classifier, size_t number);

/* Each writes promptcl_num_classes() calibrated probabilities for an image: a JPEG or PNG file, its
 * contents in memory, or rows of 8-bit red, green, blue. */
PROMPTCL_API promptcl_status promptcl_classify_file(const promptcl_classifier* classifier,
                                                    const char* file, double* probabilities);
PROMPTCL_API promptcl_status promptcl_classify_bytes(const promptcl_classifier* classifier,
                                                     const void* bytes, size_t size,
                                                     double* probabilities);
PROMPTCL_API promptcl_status promptcl_classify_rgb(const promptcl_classifier* classifier,
                                                   const uint8_t* rgb, int height, int width,
                                                   double* probabilities);
/* Of several files at once, faster than one by one: [num_files][classes]. */
PROMPTCL_API promptcl_status promptcl_classify_files(const promptcl_classifier* classifier,
                                                     const char* const* files, size_t num_files,
                                                     double* probabilities);

#ifdef __cplusplus
}
#endif

/* classify_c MODEL.pcl VIT IMAGE...: the most probable class of each image. */
#include <promptcl/promptcl.h>

#include <stdio.h>
#include <stdlib.h>

static int failed(void) {
    fprintf(stderr, "classify_c: %s\n", promptcl_last_error());
    return 1;
}

int main(int argc, char** argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: classify_c MODEL.pcl VIT IMAGE...\n");
        return 2;
    }
    promptcl_backbone* vit = NULL;
    promptcl_classifier* classifier = NULL;
    if (promptcl_backbone_open(argv[2], 0, &vit) != PROMPTCL_OK) return failed();
    if (promptcl_classifier_open(argv[1], vit, &classifier) != PROMPTCL_OK) return failed();
    promptcl_backbone_close(vit);

    const size_t classes = promptcl_num_classes(classifier);
    double* probabilities = malloc(classes * sizeof *probabilities);
    for (int i = 3; i < argc; ++i) {
        if (promptcl_classify_file(classifier, argv[i], probabilities) != PROMPTCL_OK)
            return failed();
        size_t best = 0;
        for (size_t k = 1; k < classes; ++k) {
            if (probabilities[k] > probabilities[best]) best = k;
        }
        printf("%s: %s, %.1f %%\n", argv[i], promptcl_class_name(classifier, best),
               100 * probabilities[best]);
    }
    free(probabilities);
    promptcl_classifier_close(classifier);
    return 0;
}

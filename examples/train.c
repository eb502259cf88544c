/* train_c CONFIG VIT WORKDIR: trains a run, or goes on with it, and evaluates it. */
#include <promptcl/promptcl_training.h>

#include <inttypes.h>
#include <stdio.h>

static int show(const char* what, int64_t done, int64_t total, void* user) {
    (void)user;
    if (done == total) printf("%s: %" PRId64 "\n", what, total);
    return 0;
}

static int failed(void) {
    fprintf(stderr, "train_c: %s\n", promptcl_last_error());
    return 1;
}

int main(int argc, char** argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: train_c CONFIG VIT WORKDIR\n");
        return 2;
    }
    char checkpoint[4096];
    snprintf(checkpoint, sizeof checkpoint, "init_checkpoint=%s", argv[2]);
    const char* changes[] = {checkpoint};
    if (promptcl_train(argv[1], changes, 1, argv[3], show, NULL) != PROMPTCL_OK) return failed();
    double accuracy = 0, instance = 0;
    if (promptcl_evaluate(argv[3], NULL, 0, NULL, NULL, &accuracy, &instance) != PROMPTCL_OK)
        return failed();
    printf("average accuracy %.2f %%, instance-wise %.2f %%\n", 100 * accuracy, 100 * instance);
    return 0;
}

// teach CONFIG VIT IMAGES NEW_CLASSES OUTPUT.pcl: trains on a folder of images, teaches the classifier
// the classes of another one, and writes it.
#include <promptcl/training.h>

#include <cstdio>
#include <filesystem>
#include <string>

namespace {

class Shown final : public promptcl::Watcher {
  public:
    void step(const promptcl::Step& step) override {
        if (step.step != step.steps) return;
        std::printf("task %lld of %lld: loss %.3f\n", static_cast<long long>(step.task + 1),
                    static_cast<long long>(step.tasks), step.loss);
    }
};

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 6) {
        std::fprintf(stderr, "usage: teach CONFIG VIT IMAGES NEW_CLASSES OUTPUT.pcl\n");
        return 2;
    }
    const std::filesystem::path output = argv[5];
    const promptcl::Run run{.workdir = output.string() + ".run",
                            .config = argv[1],
                            .changes = {std::string("init_checkpoint=") + argv[2],
                                        "dataset=image_folder", std::string("data_dir=") + argv[3]}};
    Shown shown;
    const auto results = promptcl::train_run(run, shown);
    std::printf("average accuracy %.2f %%\n", 100 * results->average_accuracy);

    const auto before = promptcl::Classifier::of_run(run.workdir);
    const auto lesson =
        promptcl::learn_classes(before, {.folder = argv[4], .changes = {"num_epochs=2"}}, shown);
    std::printf("%zu classes, and %zu from %lld images; old answers moved by %g\n",
                before.class_names().size(),
                lesson->classifier.class_names().size() - before.class_names().size(),
                static_cast<long long>(lesson->images), lesson->largest_logit_drift);
    lesson->classifier.save(output);
    return 0;
} catch (const promptcl::Error& error) {
    std::fprintf(stderr, "teach: %s\n", error.what());
    return 1;
}

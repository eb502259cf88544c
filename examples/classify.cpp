// classify MODEL.pcl VIT IMAGE...: the most probable class of each image.
#include <promptcl/classifier.h>

#include <cstdio>
#include <filesystem>
#include <vector>

int main(int argc, char** argv) try {
    if (argc < 4) {
        std::fprintf(stderr, "usage: classify MODEL.pcl VIT IMAGE...\n");
        return 2;
    }
    const promptcl::Backbone vit(argv[2]);
    const promptcl::Classifier classifier(argv[1], vit);
    const std::vector<std::filesystem::path> images(argv + 3, argv + argc);
    const auto answers = classifier.classify(images);
    for (std::size_t i = 0; i < images.size(); ++i) {
        const promptcl::Answer& answer = answers[i];
        std::printf("%s: %s, %.1f %%\n", images[i].c_str(),
                    classifier.class_names()[answer.best].c_str(),
                    100 * answer.probabilities[answer.best]);
    }
    return 0;
} catch (const promptcl::Error& error) {
    std::fprintf(stderr, "classify: %s\n", error.what());
    return 1;
}

// What `predict` prints for each image: text, JSON lines or CSV.
#pragma once

#include "promptcl/cli/commands.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace promptcl::cli {

/// One image and what was made of it.
struct ShownAnswer {
    struct Class {
        std::string name;
        double probability = 0;
    };
    struct Unlike {  // of what was learnt
        double key = 0, class_mean = 0;
        bool rejected = false;
    };

    std::string image;
    std::vector<Class> classes;         // best first
    std::vector<std::int64_t> prompts;  // chosen ids, none for a method without a pool
    std::optional<Unlike> likeness;     // where the classifier knows what its classes look like
};

/// The `top_k` most probable classes, best first, ties in the order of `names`.
std::vector<ShownAnswer::Class> best_classes(const std::vector<double>& probabilities,
                                             const std::vector<std::string>& names,
                                             std::int64_t top_k);

/// Prints to standard output, image by image.
class AnswerPrinter {
  public:
    explicit AnswerPrinter(AnswerForm form) : form_(form) {}
    void print(const ShownAnswer& answer);

  private:
    AnswerForm form_;
    bool begun_ = false;
};

}  // namespace promptcl::cli

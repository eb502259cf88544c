// What `predict` prints for each image: text, JSON lines or CSV.
#pragma once

#include "promptcl/cli/commands.h"
#include "promptcl/predict/shown_answer.h"

namespace promptcl::cli {

/// Prints to standard output, image by image.
class AnswerPrinter {
  public:
    explicit AnswerPrinter(AnswerForm form) : form_(form) {}
    void print(const predict::ShownAnswer& answer);

  private:
    AnswerForm form_;
    bool begun_ = false;
};

}  // namespace promptcl::cli

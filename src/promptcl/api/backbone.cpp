#include "promptcl/api/opened.h"
#include "promptcl/backbone/checkpoint.h"

#include <utility>

namespace promptcl {

Backbone::Opened::Opened(std::filesystem::path path, int count)
    : file(std::move(path)),
      threads(count),
      description(backbone::survey(file, "auto").geometry.describe()) {}

Backbone::Opened::Opened(std::shared_ptr<const predict::Backbone> packed, int count)
    : file(packed->file()),
      threads(count),
      description(packed->geometry().describe()),
      packed_{std::move(packed)} {}

std::shared_ptr<const predict::Backbone> Backbone::Opened::packed(
    const predict::Arithmetic& arithmetic) {
    const std::lock_guard lock(mutex_);
    for (const auto& there : packed_) {
        if (there->arithmetic() == arithmetic) return there;
    }
    return packed_.emplace_back(
        std::make_shared<const predict::Backbone>(file, arithmetic, threads));
}

Backbone::Backbone(const std::filesystem::path& file, int threads)
    : opened_(std::make_shared<Opened>(file, threads)) {}

const std::filesystem::path& Backbone::file() const {
    return opened_->file;
}

int Backbone::threads() const {
    return opened_->threads;
}

std::string Backbone::describe() const {
    return opened_->description;
}

}  // namespace promptcl

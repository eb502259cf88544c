#include "promptcl/cli/example_images.h"

#include "promptcl/core/error.h"
#include "promptcl/data/png.h"
#include "promptcl/data/registry.h"
#include "promptcl/data/thumbnail.h"

#include <system_error>

namespace promptcl::cli {
namespace {

constexpr int kLongestSide = 96;  // pixels of a picture on the page

std::string thumbnail_png(data::ImageView image) {
    const auto png = data::encode_png(data::thumbnail(image, kLongestSide).view());
    return {reinterpret_cast<const char*>(png.data()), png.size()};
}

data::DataSource open_data_of(const report::RunRecord& record, data::OpenObserver& observer) {
    const config::Config& config = record.results.config;
    std::error_code failure;
    const bool drawn = config.dataset == "synthetic";
    if (!drawn && !std::filesystem::exists(config.data_dir, failure))
        throw Error("there is no folder " + config.data_dir + " any more");
    auto source = data::open_dataset(config, observer);
    if (source.sha256 != record.results.data_sha256)
        throw Error("the data in " + config.data_dir + " is not what the run was trained on");
    return source;
}

void fill_in(std::vector<report::Example>& examples, const data::Dataset& test) {
    for (report::Example& example : examples) {
        const std::int64_t id = example.made.image_id;
        if (id < 0 || id >= test.size()) continue;
        example.png = thumbnail_png(test.image(id));
        example.origin = test.origin(id);
    }
}

}  // namespace

void add_images(report::RunRecord& record, data::OpenObserver& observer) {
    if (!record.predictions) return;
    try {
        const data::DataSource source = open_data_of(record, observer);
        fill_in(record.examples.wrong, *source.test);
        fill_in(record.examples.right, *source.test);
    } catch (const Error& reason) {
        record.without_images = reason.what();
    }
}

}  // namespace promptcl::cli

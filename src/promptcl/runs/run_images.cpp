#include "promptcl/runs/run_images.h"

#include "promptcl/core/error.h"
#include "promptcl/data/registry.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace promptcl::runs {
namespace {

/// Adds the images of learnt classes at these positions, but for those that are there already.
class Labeller {
  public:
    explicit Labeller(const std::vector<std::int64_t>& learnt) {
        for (std::size_t i = 0; i < learnt.size(); ++i)
            place_[learnt[i]] = static_cast<std::int64_t>(i);
    }
    void add(predict::LabelledImages& to, std::set<std::int64_t>& there,
             std::span<const std::int64_t> ids) const {
        for (const std::int64_t id : ids) {
            const auto found = place_.find(to.images->label(id));
            if (found == place_.end() || !there.insert(id).second) continue;
            to.ids.push_back(id);
            to.classes.push_back(found->second);
        }
    }

  private:
    std::map<std::int64_t, std::int64_t> place_;
};

}  // namespace

RunImages open_run_images(const config::Config& config, const model::RunModel& run,
                          data::OpenObserver& observer) {
    RunImages result{.data = data::open_dataset(config, observer), .train = {}, .tests = {}};
    if (result.data.sha256 != run.identity.data_sha256) {
        throw Error(fmt::format("data_dir: {} holds other data than the run was trained on",
                                config.data_dir),
                    "give the same with --set data_dir=FOLDER");
    }
    const auto stream = stream::make_task_stream(result.data, config);
    const auto tasks = std::min(static_cast<std::size_t>(run.tasks_learnt), stream.tasks.size());
    const Labeller labeller(run.learnt_classes);
    result.train.images = result.data.train.get();
    std::set<std::int64_t> there;
    for (std::size_t task = 0; task < tasks; ++task)
        labeller.add(result.train, there, stream.tasks[task].train);
    const auto tests = static_cast<std::size_t>(tasks == 0 ? 0 : stream.tasks[tasks - 1].tests);
    for (std::size_t i = 0; i < tests; ++i) {
        result.tests.push_back({.images = result.data.test.get(), .ids = {}, .classes = {}});
        there.clear();
        labeller.add(result.tests.back(), there, stream.tests[i].images);
    }
    return result;
}

}  // namespace promptcl::runs

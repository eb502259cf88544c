#include "promptcl/stream/manifest.h"

#include "promptcl/core/error.h"
#include "promptcl/io/csv.h"
#include "promptcl/io/file.h"

#include <charconv>
#include <fmt/format.h>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace promptcl::stream {
namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::string_view kFormat = "# promptcl-manifest-1";
constexpr std::string_view kColumns = "task,split,class,class_name,origin,sha256";
constexpr std::string_view kAllTasks = "all";
constexpr std::int64_t kMostTasks = 1'000'000;  // beyond it a number is a slip
enum Column : std::size_t { kTask, kSplit, kClass, kClassName, kOrigin, kSha256, kColumnCount };

bool has_common_test(const TaskStream& stream) {
    return stream.tests.size() == 1 && stream.tasks.size() > 1;
}

// Writing.

/// "0-3 7" for 0, 1, 2, 3, 7.
std::string ranges(const Ids& rising) {
    std::string text;
    for (std::size_t first = 0, last = 0; first < rising.size(); first = ++last) {
        while (last + 1 < rising.size() && rising[last + 1] == rising[last] + 1)
            ++last;
        if (!text.empty()) text += ' ';
        text += last == first ? fmt::format("{}", rising[first])
                              : fmt::format("{}-{}", rising[first], rising[last]);
    }
    return text;
}

std::string row(const data::DataSource& source, const data::Dataset& split, std::string_view name,
                std::int64_t image, std::string_view tasks) {
    const std::int64_t label = split.label(image);
    return fmt::format("{},{},{},{},{},{}\n", tasks, name, label,
                       io::csv_cell(source.class_names[static_cast<std::size_t>(label)]),
                       io::csv_cell(split.origin(image)), split.sha256(image));
}

// Reading.

class Reader {
  public:
    Reader(const std::filesystem::path& path, const data::DataSource& source)
        : path_(path), source_(source), train_(*source.train), test_(*source.test) {}

    TaskStream read() {
        const auto rows = io::parse_csv(io::read_file(path_), path_.string());
        if (rows.empty() || rows.front().cells.front() != kFormat) {
            throw Error(fmt::format("{} does not begin with \"{}\"", path_.string(), kFormat),
                        "give the manifest.csv of a run folder");
        }
        if (rows.size() < 2 || joined(rows[1].cells) != kColumns)
            fail(2, fmt::format("does not name the columns {}", kColumns), "restore it");
        for (std::size_t i = 2; i < rows.size(); ++i)
            add(rows[i]);
        return stream();
    }

  private:
    /// The images of a split by their origin, each used once.
    struct Split {
        explicit Split(const data::Dataset& dataset) : images(dataset) {
            for (std::int64_t i = 0; i < dataset.size(); ++i)
                by_origin.emplace(dataset.origin(i), i);
        }
        const data::Dataset& images;
        std::unordered_map<std::string, std::int64_t> by_origin;
        std::set<std::int64_t> used;
        std::map<std::int64_t, std::set<std::int64_t>> by_task;
    };

    static std::string joined(const std::vector<std::string>& cells) {
        std::string text = cells.front();
        for (std::size_t i = 1; i < cells.size(); ++i)
            text += "," + cells[i];
        return text;
    }

    void add(const io::CsvRow& row) {
        if (row.cells.size() != kColumnCount) {
            fail(row.line,
                 fmt::format("has {} cells instead of {}", row.cells.size(),
                             std::size_t{kColumnCount}),
                 "restore it");
        }
        const std::string& split = row.cells[kSplit];
        if (split != "train" && split != "test")
            fail(row.line, fmt::format("names the split \"{}\"", split), "write train or test");
        Split& which = split == "train" ? train_ : test_;
        const std::int64_t image = find(row, which);
        if (row.cells[kTask] == kAllTasks && split == "test") {
            common_test_.insert(image);
            return;
        }
        for (const std::int64_t task : tasks_of(row))
            which.by_task[task].insert(image);
    }

    /// The image a row names, which must be the one that it was.
    std::int64_t find(const io::CsvRow& row, Split& split) const {
        const std::string& origin = row.cells[kOrigin];
        const auto found = split.by_origin.find(origin);
        if (found == split.by_origin.end()) {
            fail(row.line,
                 fmt::format("names the {} image {}, which the data set does not have",
                             row.cells[kSplit], origin),
                 "give the data that the manifest was made of");
        }
        const std::int64_t image = found->second, label = split.images.label(image);
        if (!split.used.insert(image).second)
            fail(row.line, fmt::format("names {} a second time", origin), "name an image once");
        const std::string name = class_name(label);
        if (row.cells[kClass] != std::to_string(label) || row.cells[kClassName] != name) {
            fail(row.line,
                 fmt::format("says that {} is of class {} ({}), but here it is of class {} ({})",
                             origin, row.cells[kClass], row.cells[kClassName], label, name),
                 "give the data that the manifest was made of");
        }
        if (row.cells[kSha256] != split.images.sha256(image)) {
            fail(row.line, fmt::format("names {}, which has another SHA-256 here", origin),
                 "give the data that the manifest was made of");
        }
        return image;
    }

    std::string class_name(std::int64_t label) const {
        const bool known = label >= 0 && label < std::ssize(source_.class_names);
        return known ? source_.class_names[static_cast<std::size_t>(label)] : "unknown";
    }

    Ids tasks_of(const io::CsvRow& row) const {
        const std::string& text = row.cells[kTask];
        Ids tasks;
        const char *next = text.data(), *end = next + text.size();
        const auto number = [&]() -> std::int64_t {
            std::int64_t value = -1;
            const auto [behind, error] = std::from_chars(next, end, value);
            if (error == std::errc() && value >= 0 && value < kMostTasks) {
                next = behind;
                return value;
            }
            fail(row.line, fmt::format("gives \"{}\" as its task", text),
                 "write numbers and ranges such as 0-3 7");
        };
        while (tasks.empty() || next != end) {
            if (!tasks.empty() && *next == ' ') ++next;
            const std::int64_t first = number();
            const bool is_range = next != end && *next == '-';
            if (is_range) ++next;
            const std::int64_t last = is_range ? number() : first;
            for (std::int64_t task = first; task <= last; ++task)
                tasks.push_back(task);
        }
        return tasks;
    }

    TaskStream stream() const {
        if (!common_test_.empty() && !test_.by_task.empty()) {
            throw Error(
                fmt::format("{} has test images of all tasks and of single ones", path_.string()),
                "give every task its own test images or none");
        }
        TaskStream result;
        for (const auto& [task, images] : train_.by_task) {
            require_next(task, result.tasks.size(), "training");
            const Ids all(images.begin(), images.end());
            result.tasks.push_back({.classes = classes_of(train_.images, all),
                                    .train = all,
                                    .images_per_epoch = std::ssize(all)});
        }
        const bool one_each = test_.by_task.size() == result.tasks.size();
        for (const auto& [task, images] : test_.by_task) {
            require_next(task, result.tests.size(), "test");
            const Ids all(images.begin(), images.end());
            result.tests.push_back({.classes = one_each ? result.tasks[result.tests.size()].classes
                                                        : classes_of(test_.images, all),
                                    .images = all});
        }
        if (!common_test_.empty()) {
            Ids classes(source_.class_names.size());
            std::iota(classes.begin(), classes.end(), 0);
            result.tests = {{.classes = std::move(classes),
                             .images = Ids(common_test_.begin(), common_test_.end())}};
        }
        if (result.tasks.empty() || result.tests.empty()) {
            throw Error(fmt::format("{} names no training or no test images", path_.string()),
                        "give the manifest.csv of a run folder");
        }
        return result;
    }

    static Ids classes_of(const data::Dataset& split, const Ids& images) {
        std::set<std::int64_t> classes;
        for (const std::int64_t image : images)
            classes.insert(split.label(image));
        return {classes.begin(), classes.end()};
    }

    void require_next(std::int64_t task, std::size_t next, std::string_view split) const {
        if (std::cmp_equal(task, next)) return;
        throw Error(fmt::format("{} has no {} image of task {}", path_.string(), split, next),
                    "number the tasks from 0 without a gap");
    }

    [[noreturn]] void fail(std::int64_t line, const std::string& what,
                           std::string_view hint) const {
        throw Error(fmt::format("line {} of {} {}", line, path_.string(), what), hint);
    }

    std::filesystem::path path_;
    const data::DataSource& source_;
    Split train_, test_;
    std::set<std::int64_t> common_test_;
};

}  // namespace

std::string manifest_of(const data::DataSource& source, const TaskStream& stream) {
    std::string text = fmt::format("{}\n{}\n", kFormat, kColumns);
    std::map<std::int64_t, Ids> tasks_of;
    for (std::size_t t = 0; t < stream.tasks.size(); ++t) {
        for (const std::int64_t image : stream.tasks[t].train)
            tasks_of[image].push_back(static_cast<std::int64_t>(t));
    }
    for (std::size_t t = 0; t < stream.tasks.size(); ++t) {
        for (const std::int64_t image : stream.tasks[t].train) {
            const Ids& tasks = tasks_of.at(image);
            if (std::cmp_equal(tasks.front(), t))
                text += row(source, *source.train, "train", image, ranges(tasks));
        }
    }
    for (std::size_t t = 0; t < stream.tests.size(); ++t) {
        const std::string test =
            has_common_test(stream) ? std::string(kAllTasks) : std::to_string(t);
        for (const std::int64_t image : stream.tests[t].images)
            text += row(source, *source.test, "test", image, test);
    }
    return text;
}

TaskStream read_manifest(const std::filesystem::path& path, const data::DataSource& source) {
    return Reader(path, source).read();
}

}  // namespace promptcl::stream

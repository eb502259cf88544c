#include "promptcl/io/pickle.h"

#include "promptcl/core/error.h"
#include "promptcl/io/pickle_machine.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <utility>

namespace promptcl::io {
namespace {

using Kind = PickleNode::Kind;

constexpr std::size_t kMostKeys = 100;  // one list under all of them is copied as often

class Extractor {
  public:
    explicit Extractor(const std::string& name) : name_(name) {}

    PickledDict dict(const PickleNode& node) const {
        if (node.kind != Kind::kDict) throw broken_pickle(name_, "it holds no dictionary");
        if (node.items.size() > 2 * kMostKeys) {
            throw broken_pickle(name_, "its dictionary has too many keys for a data set");
        }
        PickledDict found;
        for (std::size_t i = 0; i < node.items.size(); i += 2) {
            const auto& key = *node.items[i];
            if (key.kind != Kind::kBytes) {
                throw broken_pickle(name_, "a key of its dictionary is no string");
            }
            found.insert_or_assign(std::string(key.bytes), value(*node.items[i + 1]));
        }
        return found;
    }

  private:
    PickledValue value(const PickleNode& node) const {
        switch (node.kind) {
            case Kind::kInt:
                return node.number;
            case Kind::kBytes:
                return std::string(node.bytes);
            case Kind::kList:
                return list(node);
            case Kind::kArray:
                return array(node);
            default:
                return {};
        }
    }

    PickledValue list(const PickleNode& node) const {
        const auto all = [&](Kind kind) {
            return std::ranges::all_of(node.items, [&](auto* item) { return item->kind == kind; });
        };
        if (all(Kind::kInt)) {
            std::vector<std::int64_t> numbers;
            for (const auto* item : node.items)
                numbers.push_back(item->number);
            return numbers;
        }
        if (!all(Kind::kBytes)) return {};
        std::vector<std::string> texts;
        for (const auto* item : node.items)
            texts.emplace_back(item->bytes);
        return texts;
    }

    /// From NumPy's state of an array: (version, shape, dtype, whether column-major, elements).
    Array array(const PickleNode& node) const {
        if (node.items.size() != 5 || node.items[1]->kind != Kind::kTuple ||
            node.items[2]->kind != Kind::kDtype || node.items[3]->kind != Kind::kBool ||
            node.items[4]->kind != Kind::kBytes) {
            throw broken_pickle(name_, "an array in it is not as NumPy pickles one");
        }
        const std::string_view dtype = node.items[2]->bytes, elements = node.items[4]->bytes;
        if (dtype != "u1" && dtype != "|u1") {
            throw broken_pickle(
                name_, fmt::format("an array in it has elements of type {} and not u1", dtype));
        }
        Array result{"uint8", {}, {}};
        for (const auto* extent : node.items[1]->items)
            result.shape.push_back(extent->kind == Kind::kInt ? extent->number : -1);
        const auto size = byte_count(result.shape, 1);
        if (!size || std::cmp_not_equal(*size, elements.size())) {
            throw broken_pickle(name_, fmt::format("an array of shape {} in it has {} elements",
                                                   to_string(result.shape), elements.size()));
        }
        const auto bytes = std::as_bytes(std::span(elements));
        result.bytes.assign(bytes.begin(), bytes.end());
        const bool column_major = node.items[3]->number != 0;
        if (column_major && result.shape.size() == 2) {
            const auto rows = static_cast<std::size_t>(result.shape[0]);
            const auto columns = static_cast<std::size_t>(result.shape[1]);
            for (std::size_t i = 0; i < bytes.size(); ++i)
                result.bytes[i % rows * columns + i / rows] = bytes[i];
        } else if (column_major && result.shape.size() > 2) {
            throw broken_pickle(name_, "a column-major array in it has more than two dimensions");
        }
        return result;
    }

    const std::string& name_;
};

}  // namespace

PickledDict read_pickle(std::string_view file, const std::string& name) {
    PickleMachine machine(file, name);
    return Extractor(name).dict(machine.run());
}

}  // namespace promptcl::io

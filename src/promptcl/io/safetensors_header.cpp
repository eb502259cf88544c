#include "promptcl/io/safetensors_header.h"

#include "promptcl/core/error.h"
#include "promptcl/io/dtype.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <utility>

namespace promptcl::io {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kMetadata = "__metadata__";
constexpr int kDeepest = 3;  // the extents of a shape: object, object, array
constexpr std::size_t kAlignment = 8;

class HeaderReader {
  public:
    HeaderReader(std::int64_t data_size, const std::string& name)
        : data_size_(data_size), name_(name) {}

    SafeTensorsLayout read(std::string_view text) const {
        const auto json = parse(text);
        if (!json.is_object()) fail("its header is not a JSON object");
        SafeTensorsLayout layout;
        for (const auto& [key, value] : json.items()) {
            if (key == kMetadata) {
                layout.metadata = metadata(value);
            } else {
                layout.entries.push_back(entry(key, value));
            }
        }
        const auto by_place = [](const auto& e) { return std::tie(e.begin, e.end, e.name); };
        std::ranges::sort(layout.entries, {}, by_place);
        expect_contiguous(layout.entries);
        return layout;
    }

  private:
    [[noreturn]] void fail(std::string_view what) const {
        throw Error(fmt::format("cannot read {}: {}", name_, what),
                    "copy or download the file again");
    }

    /// JSON without repeated keys (of which nlohmann's parser would keep the last silently).
    Json parse(std::string_view text) const {
        std::vector<std::set<std::string>> open_objects;
        const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
            if (depth > kDeepest) fail("its header is nested too deeply");
            if (event == Json::parse_event_t::object_start) open_objects.emplace_back();
            if (event == Json::parse_event_t::object_end) open_objects.pop_back();
            if (event == Json::parse_event_t::key) {
                const auto key = parsed.get<std::string>();
                if (!open_objects.back().insert(key).second) {
                    fail(fmt::format("its header names {} twice", key));
                }
            }
            return true;
        };
        try {
            return Json::parse(text, watch);
        } catch (const Json::exception&) {
            fail("its header is not valid JSON");
        }
    }

    Metadata metadata(const Json& value) const {
        if (!value.is_object()) fail("its metadata are not a JSON object");
        Metadata found;
        for (const auto& [key, text] : value.items()) {
            if (!text.is_string()) fail(fmt::format("its metadata {} is not a text", key));
            found[key] = text.get<std::string>();
        }
        return found;
    }

    std::vector<std::int64_t> numbers(const Json& entry, const char* key) const {
        const auto found = entry.find(key);
        if (found == entry.end() || !found->is_array()) return {-1};
        std::vector<std::int64_t> values;
        for (const auto& number : *found) {
            const auto value = number.is_number_unsigned() ? number.get<std::uint64_t>() : ~0ULL;
            values.push_back(std::in_range<std::int64_t>(value) ? static_cast<std::int64_t>(value)
                                                                : -1);
        }
        return values;
    }

    SafeTensorsEntry entry(const std::string& array, const Json& value) const {
        if (!value.is_object()) fail(fmt::format("its array {} is not described", array));
        const auto type = value.find("dtype");
        const bool has_type = type != value.end() && type->is_string();
        const auto type_name = has_type ? type->get<std::string>() : "none";
        const DType* dtype = find_safetensors_dtype(type_name);
        if (dtype == nullptr) {
            throw Error(fmt::format("cannot read {}: the element type of its array {} ({}) is not "
                                    "known",
                                    name_, array, type_name),
                        "save it as F32, F16 or BF16");
        }
        auto shape = numbers(value, "shape");
        const auto size = byte_count(shape, dtype->size);
        const auto offsets = numbers(value, "data_offsets");
        if (!size || offsets.size() != 2 || offsets[0] < 0 || offsets[1] < offsets[0]) {
            fail(fmt::format("the shape or data_offsets of its array {} are broken", array));
        }
        if (offsets[1] - offsets[0] != *size) {
            fail(fmt::format("its array {} of shape {} needs {} bytes and has {}", array,
                             to_string(shape), *size, offsets[1] - offsets[0]));
        }
        return {array, {std::string(dtype->name), std::move(shape)}, offsets[0], offsets[1]};
    }

    void expect_contiguous(const std::vector<SafeTensorsEntry>& entries) const {
        std::int64_t end = 0;
        for (const auto& entry : entries) {
            if (entry.begin != end) {
                fail(fmt::format("its array {} begins at byte {} of the data and not at {}",
                                 entry.name, entry.begin, end));
            }
            end = entry.end;
        }
        if (end > data_size_) {
            fail(fmt::format("its data are truncated to {} of {} bytes", data_size_, end));
        }
        if (end < data_size_) {
            fail(fmt::format("its arrays take {} bytes and {} are there", end, data_size_));
        }
    }

    std::int64_t data_size_;
    const std::string& name_;
};

}  // namespace

SafeTensorsLayout parse_safetensors_header(std::string_view json, std::int64_t data_size,
                                           const std::string& name) {
    return HeaderReader(data_size, name).read(json);
}

std::string format_safetensors_header(const SafeTensorsLayout& layout) {
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    if (!layout.metadata.empty()) json[std::string(kMetadata)] = layout.metadata;
    for (const auto& entry : layout.entries) {
        require(entry.name != kMetadata, "no array is called __metadata__");
        json[entry.name] = {{"dtype", dtype_named(entry.info.dtype).safetensors},
                            {"shape", entry.info.shape},
                            {"data_offsets", {entry.begin, entry.end}}};
    }
    auto text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
    std::string header;
    for (int byte = 0; byte < 8; ++byte) {
        header += static_cast<char>(text.size() >> (8 * byte) & 0xff);
    }
    return header + text;
}

}  // namespace promptcl::io

// The dependency table of docs/architecture.md, held against the sources.
#include "tests/architecture/files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace promptcl::architecture {
namespace {

struct Layer {
    std::string name;
    std::set<std::string> may_include;  // besides itself and core
    bool torch = false;                 // may include LibTorch's headers
};

/// In the order of the data flow: a layer includes only layers above it.
const std::vector<Layer>& layers() {
    static const std::vector<Layer> all = {
        {"core", {}},
        {"config", {}},
        {"io", {}},
        {"data", {"config", "io"}},
        {"fetch", {"config", "io", "data"}},
        {"stream", {"data", "config", "io"}},
        {"metrics", {}},
        {"backbone", {"io"}},
        {"model", {"config", "io", "backbone"}},
        {"engine", {"backbone"}},
        {"predict", {"model", "engine", "backbone", "stream", "data", "config", "io"}},
        {"serve", {"predict", "model", "data", "config", "io"}},
        {"report", {"metrics", "model", "io", "config"}},
        {"runs", {"report", "predict", "stream", "model", "data", "config"}},
        {"teach", {"predict", "model", "data", "config"}},
        {"tensor", {"io"}, true},
        {"input", {"stream", "data", "tensor"}, true},
        {"vit", {"tensor", "engine", "backbone"}, true},
        {"prompt", {"vit", "tensor", "config", "backbone"}, true},
        {"method", {"prompt", "vit", "tensor", "config", "backbone", "io", "stream"}, true},
        {"train",
         {"method", "input", "stream", "data", "metrics", "io", "tensor", "config", "backbone",
          "vit", "prompt", "model", "predict", "runs", "teach"},
         true},
        {"cli",
         {"config", "io",     "data",    "fetch", "stream", "metrics", "backbone",
          "engine", "tensor", "input",   "vit",   "prompt", "method",  "train",
          "report", "model",  "predict", "serve", "runs",   "teach"},
         true},
        {"api",
         {"train", "teach", "runs", "report", "tensor", "predict", "model", "backbone", "data",
          "io"},
         true},
    };
    return all;
}

const Layer* find_layer(const std::string& name) {
    for (const Layer& layer : layers()) {
        if (layer.name == name) return &layer;
    }
    return nullptr;
}

std::string layer_of(const std::filesystem::path& source) {
    return source.lexically_relative(repository() / "src/promptcl").begin()->string();
}

std::vector<std::filesystem::path> sources() {
    return files_below("src/promptcl", {".h", ".cpp"});
}

/// What an #include line names, without quotes or brackets.
std::optional<std::string> included(const std::string& line) {
    static const std::regex pattern(R"re(^\s*#\s*include\s*["<]([^">]+)[">])re");
    std::smatch match;
    if (!std::regex_search(line, match, pattern)) return std::nullopt;
    return match[1].str();
}

/// Whether an #include names a header of the libraries.
bool is_public(const std::string& header) {
    return std::filesystem::exists(repository() / "include" / header);
}

TEST(Layers, TheTableItselfPointsOnlyUpwards) {
    std::set<std::string> above;
    for (const Layer& layer : layers()) {
        for (const std::string& other : layer.may_include) {
            EXPECT_TRUE(above.contains(other)) << layer.name << " may not include " << other;
        }
        above.insert(layer.name);
    }
}

TEST(Layers, EveryFolderOfTheSourcesIsInTheTable) {
    for (const auto& file : sources()) {
        EXPECT_NE(find_layer(layer_of(file)), nullptr) << name_of(file);
    }
}

TEST(Layers, EveryIncludePointsToALayerThatTheTableAllows) {
    static const std::string prefix = "promptcl/";
    for (const auto& file : sources()) {
        const Layer* layer = find_layer(layer_of(file));
        if (layer == nullptr) continue;
        for (const std::string& line : lines_of(file)) {
            const auto header = included(line);
            if (!header || !header->starts_with(prefix)) continue;
            if (layer->name == "api" && is_public(*header)) continue;
            const std::string target =
                header->substr(prefix.size(), header->find('/', prefix.size()) - prefix.size());
            EXPECT_TRUE(target == layer->name || target == "core" ||
                        layer->may_include.contains(target))
                << name_of(file) << " includes " << *header << ", and " << layer->name
                << " may not know " << target;
        }
    }
}

TEST(Layers, TorchFreeLayersIncludeNothingOfLibTorch) {
    static const std::regex libtorch(R"re(^(ATen|c10|caffe2|torch)/)re");
    for (const auto& file : sources()) {
        const Layer* layer = find_layer(layer_of(file));
        if (layer == nullptr || layer->torch) continue;
        for (const std::string& line : lines_of(file)) {
            const auto header = included(line);
            EXPECT_FALSE(header && std::regex_search(*header, libtorch))
                << name_of(file) << " includes " << *header << "; move the code that needs it to a "
                << "layer that knows LibTorch";
        }
    }
}

TEST(Layers, SourcesCompiledForSeveralInstructionSetsUseNoFunctionsOfTheStandardLibrary) {
    // Instructions are always inlined: no copy of theirs is left to the linker.
    static const std::set<std::string> harmless = {"cstdint", "utility", "immintrin.h"};
    for (const auto& file : files_below("src/promptcl/engine/lanes", {".h", ".cpp"})) {
        for (const std::string& line : lines_of(file)) {
            const auto header = included(line);
            EXPECT_TRUE(!header || header->starts_with("promptcl/engine/") ||
                        harmless.contains(*header))
                << name_of(file) << " includes " << *header << ", whose inline functions would be "
                << "compiled for processors that this machine may not be";
        }
    }
}

TEST(PublicHeaders, IncludeTheStandardLibraryAndEachOtherAndWhatErrorsAre) {
    for (const auto& file : files_below("include", {".h"})) {
        for (const std::string& line : lines_of(file)) {
            const auto header = included(line);
            if (!header || header->find('/') == std::string::npos) continue;
            EXPECT_TRUE(is_public(*header) || *header == "promptcl/core/error.h")
                << name_of(file) << " includes " << *header << ", which is not installed";
        }
    }
}

TEST(Files, HeadersHaveAtMost120LinesAndSourcesAtMost400) {
    for (const auto& file : sources()) {
        const std::size_t limit = file.extension() == ".h" ? 120 : 400;
        EXPECT_LE(lines_of(file).size(), limit) << name_of(file) << ": split it by concept";
    }
}

}  // namespace
}  // namespace promptcl::architecture

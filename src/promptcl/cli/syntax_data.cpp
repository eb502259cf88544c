#include "promptcl/cli/syntax_data.h"

#include "promptcl/core/error.h"
#include "promptcl/data/registry.h"

#include <CLI/CLI.hpp>

namespace promptcl::cli {

void declare_data_list(CLI::App& app, Words& words) {
    app.add_flag("--json", words.json, "print JSON, with every file, its size and its checksum");
    app.add_flag("--markdown", words.markdown, "print the table of docs/data.md");
}

Command finish_data_list(const Words& words) {
    return DataListOptions{form_of(words)};
}

void declare_data_fetch(CLI::App& app, Words& words) {
    app.add_option("name", words.what, "one of `promptcl data list`, or five_datasets")
        ->type_name("NAME");
    app.add_option("--to", words.folder, "the files go to FOLDER/NAME; ./data if not given")
        ->type_name("FOLDER");
    app.add_option("--mirror", words.mirror,
                   "take the files from this address, which ends before their names")
        ->type_name("URL");
}

Command finish_data_fetch(const Words& words) {
    if (words.what.empty()) {
        throw UsageError("promptcl data fetch is not told what to fetch",
                         "for instance: promptcl data fetch cifar100");
    }
    DataFetchOptions options{.sources = fetch::sources_named(words.what), .mirror = words.mirror};
    if (!words.folder.empty()) options.to = words.folder;
    return options;
}

void declare_data_check(CLI::App& app, Words& words) {
    app.add_option("path", words.folder,
                   "folder or archive of a data set, or a backbone (.npz, .safetensors)")
        ->type_name("PATH");
    app.add_option("--dataset", words.dataset,
                   "which data set it is, of `promptcl list datasets`, when the names in it do not "
                   "tell")
        ->type_name("NAME");
    app.add_option("--write-split", words.split,
                   "write the paths of its test images to FILE, for the key data_split")
        ->type_name("FILE");
    app.add_flag("--json", words.json, "print JSON");
}

Command finish_data_check(const Words& words) {
    if (words.folder.empty()) {
        throw UsageError("promptcl data check is not told what to check",
                         "for instance: promptcl data check data/cifar100");
    }
    if (!words.dataset.empty()) {
        const auto problem = data::dataset_problem(words.dataset);
        if (problem) throw UsageError(*problem);
    }
    return DataCheckOptions{
        .path = words.folder, .dataset = words.dataset, .split = words.split, .json = words.json};
}

}  // namespace promptcl::cli

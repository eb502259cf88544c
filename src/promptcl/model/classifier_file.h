// A classifier in one file (.pcl): docs/formats.md, promptcl-classifier-1.
#pragma once

#include "promptcl/io/safetensors.h"
#include "promptcl/model/classifier.h"

#include <filesystem>
#include <string>

namespace promptcl::model {

/// A configuration as such a file holds it: without where files lie and what computes it.
config::Config portable(config::Config config);

/// Atomically; the same classifier gives the same bytes. Where the files of the machine lie that
/// made it is not written.
void write_classifier(const std::filesystem::path& path, const Classifier& classifier);

/// Of the file that write_classifier() would write.
std::string sha256_of(const Classifier& classifier);

/// Throws Error naming the file: when it is none, damaged, or of a newer promptcl.
Classifier read_classifier(const std::filesystem::path& path);

/// What such a file holds. Throws Error naming `place` for a classifier that is not sound.
io::SafeTensors contents_of(const Classifier& classifier, const std::string& place);

/// The classifier that such a file holds; `place` is what errors call it.
Classifier classifier_in(io::SafeTensors file, const std::string& place);

/// Whether the file is a classifier, by its first bytes and metadata; false for what cannot be
/// read.
bool is_classifier(const std::filesystem::path& path);

}  // namespace promptcl::model

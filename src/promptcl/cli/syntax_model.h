// The words of `promptcl predict`, `export`, `audit` and `model`.
#pragma once

#include "promptcl/cli/syntax.h"

namespace promptcl::cli {

void declare_predict(CLI::App& app, Words& words);
Command finish_predict(const Words& words);
void declare_export(CLI::App& app, Words& words);
Command finish_export(const Words& words);

void declare_audit(CLI::App& app, Words& words);
Command finish_audit(const Words& words);

void declare_model_show(CLI::App& app, Words& words);
Command finish_model_show(const Words& words);
void declare_model_rename(CLI::App& app, Words& words);
Command finish_model_rename(const Words& words);
void declare_model_remove(CLI::App& app, Words& words);
Command finish_model_remove(const Words& words);
void declare_model_rollback(CLI::App& app, Words& words);
Command finish_model_rollback(const Words& words);
void declare_model_diff(CLI::App& app, Words& words);
Command finish_model_diff(const Words& words);
void declare_model_merge(CLI::App& app, Words& words);
Command finish_model_merge(const Words& words);

}  // namespace promptcl::cli

#!/usr/bin/env bash
# Runs clang-tidy 14 over the sources whose path matches a pattern (default: all layers without LibTorch, whose
# headers clang 14 cannot parse as C++20).
#   tools/lint.sh [PATTERN]     for example tools/lint.sh src/promptcl/io
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

run_clang_tidy=$(command -v run-clang-tidy-14 || command -v run-clang-tidy || true)
if [[ -z "$run_clang_tidy" ]]; then
  echo "lint.sh: clang-tidy 14 is not installed; apt-get install clang-tidy-14" >&2
  exit 77
fi

# clang cannot read the compiler's precompiled headers; the generated headers come from building the io layer.
cmake -S . -B build/lint -G Ninja -DPROMPTCL_TESTS=OFF -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null
if cmake --build build/lint --target help | grep -q '^promptcl_io:'; then
  cmake --build build/lint --target promptcl_io >/dev/null
fi
"$run_clang_tidy" -quiet -p build/lint "${1:-src/promptcl/(core|config|io|data|fetch|stream|metrics|backbone|engine|report)}/.*"

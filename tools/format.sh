#!/usr/bin/env bash
# Formats all C++ sources with clang-format 14; with --check only says which differ, and exits 77 without it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

clang_format=
for candidate in clang-format-14 clang-format; do
  if "$candidate" --version 2>/dev/null | grep -q 'version 14\.'; then
    clang_format=$candidate
    break
  fi
done
if [[ -z "$clang_format" ]]; then
  echo "format.sh: clang-format 14 is not installed; apt-get install clang-format-14" >&2
  exit 77
fi

mapfile -t files < <(find include src tests fuzz bench \( -name '*.h' -o -name '*.cpp' \) | sort)
if [[ "${1:-}" == --check ]]; then
  "$clang_format" --dry-run -Werror "${files[@]}"
else
  "$clang_format" -i "${files[@]}"
fi

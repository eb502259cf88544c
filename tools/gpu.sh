#!/usr/bin/env bash
# Builds promptcl against the PyTorch 2.x of this machine, runs the tests and, where there is a GPU, measures it.
# It has been run on no machine with a GPU yet: docs/performance.md lists what has not been seen there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'END'
usage: tools/gpu.sh [BENCH-ARGUMENT...]

Builds in build/gpu, with the LibTorch that python3 finds, runs the tests, then
`promptcl bench --set device=cuda` in fp32, tf32 and bf16. Arguments go to `promptcl bench`; without any it is
--model ViT-B_16. Needs the packages of `tools/setup.sh install`; CUDA's own libraries and headers come with PyTorch.
END
}

say() { printf '\n== %s\n' "$*"; }
fail() {
  printf 'gpu.sh: %s\n' "$*" >&2
  exit 1
}
ask_torch() { python3 -c "import torch; print($1)" 2>/dev/null; }

case "${1:-}" in help | -h | --help) usage && exit ;; esac

prefix=$(ask_torch torch.utils.cmake_prefix_path) || fail "python3 has no PyTorch; install one (pip install torch)"
version=$(ask_torch torch.__version__)
[[ "${version%%.*}" -ge 2 ]] || fail "PyTorch here is $version; install 2.x"
[[ "$(ask_torch torch._C._GLIBCXX_USE_CXX11_ABI)" == True ]] ||
  fail "PyTorch $version was built with the old ABI of libstdc++, so nothing of this system links with it; install 2.6 or later"

say "Building against PyTorch $version"
cmake -S . -B build/gpu -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DPROMPTCL_TESTS=ON -DTorch_DIR="$prefix/Torch"
cmake --build build/gpu --parallel "${PROMPTCL_JOBS:-$(nproc)}"

say "Running the tests"
ctest --test-dir build/gpu --output-on-failure -LE slow
say "The tests of the GPU path"
build/gpu/tests/vit/vit_test --gtest_filter='*DeviceVit*:*Recordings*:Gpu.*'
build/gpu/tests/input/input_test --gtest_filter='*DeviceImages*'

if [[ "$(ask_torch 'torch.cuda.is_available()')" != True ]]; then
  say "PyTorch finds no GPU here: its tests were skipped, nothing is measured"
  exit
fi
(($# > 0)) || set -- --model ViT-B_16
for precision in fp32 tf32 bf16; do
  say "Measuring $precision"
  build/gpu/bin/promptcl bench --set device=cuda --set precision=$precision "$@"
  build/gpu/bin/promptcl bench --set device=cuda --set precision=$precision --set cuda_graphs=false "$@"
done

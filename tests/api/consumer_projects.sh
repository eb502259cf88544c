#!/usr/bin/env bash
# consumer_projects.sh BUILD DRAW_PICTURES CXX SANITIZE: installs BUILD, builds examples/ against the
# installation as a project of its own, and runs each program.
set -euo pipefail
build=$1 draw_pictures=$2 compiler=$3 sanitize=$4
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [[ -n "$sanitize" ]]; then
  export CFLAGS="-fsanitize=$sanitize" CXXFLAGS="-fsanitize=$sanitize"
fi

say() { printf '\n== %s\n' "$*"; }
expect() { # text, in the output of the last program
  grep -qF -- "$1" "$work/output" || {
    cat "$work/output"
    echo "consumer_projects.sh: \"$1\" is missing above" >&2
    exit 1
  }
}
run() { "$@" >"$work/output" 2>&1 || { cat "$work/output"; return 1; }; }

say "Installing"
run cmake --install "$build" --prefix "$work/prefix"
# Another place than it was installed to: nothing may remember the old one.
mv "$work/prefix" "$work/moved"

say "Building the examples against it"
run cmake -S "$source/examples" -B "$work/examples" -DCMAKE_PREFIX_PATH="$work/moved" -DCMAKE_CXX_COMPILER="$compiler"
run cmake --build "$work/examples"

vit="$source/assets/demo_vit.npz"
"$draw_pictures" "$work/old" 0 5
"$draw_pictures" "$work/new" 5 7
cd "$work"
cat >five.toml <<END
# Five drawn classes in one task.
base = "$work/moved/share/promptcl/configs/demo_dualprompt.toml"
num_epochs = 1
num_threads = 1
continual.num_tasks = 1
continual.num_classes_per_task = 5
END

say "teach: trains, and adds two classes"
run examples/teach five.toml "$vit" old new seven.pcl
expect "average accuracy"
expect "5 classes, and 2 from 40 images; old answers moved by 0"

say "classify, in C++, C and Python"
image=$(find new -name '*.png' | sort | head -n 1)
run examples/classify seven.pcl "$vit" "$image"
expect "$image: "
cp output answer
run examples/classify_c seven.pcl "$vit" "$image"
cmp output answer
if command -v python3 >/dev/null && [[ -z "$sanitize" ]]; then
  run "$source/examples/classify.py" "$(find moved -name libpromptcl.so)" seven.pcl "$vit" "$image"
  cmp output answer
fi
if examples/classify missing.pcl "$vit" "$image" >output 2>&1; then exit 1; fi
expect "classify: cannot read missing.pcl: no such file"

if command -v pkg-config >/dev/null && [[ -z "$sanitize" ]]; then
  say "The same without CMake, by pkg-config"
  PKG_CONFIG_PATH=$(dirname "$(find "$work/moved" -name promptcl.pc)")
  export PKG_CONFIG_PATH
  read -ra flags <<<"$(pkg-config --cflags --libs promptcl)"
  run cc "$source/examples/classify.c" -o plain_c "${flags[@]}" "-Wl,-rpath,$(pkg-config --variable=libdir promptcl)"
  run ./plain_c seven.pcl "$vit" "$image"
  cmp output answer
  pkg-config --exists promptcl_training
fi

say "train_c: trains a shipped configuration by its name"
run examples/train_c demo_ncm "$vit" ncm
expect "average accuracy"

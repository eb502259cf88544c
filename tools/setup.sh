#!/usr/bin/env bash
# Sets promptcl up on Debian 12 and builds it; see usage() for the commands.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

PACKAGES=(
  g++ cmake ninja-build ccache pkg-config
  libtorch-dev
  libopenblas0-pthread # LibTorch multiplies matrices with it; Debian's reference BLAS is many times slower
  libtomlplusplus-dev libcli11-dev nlohmann-json3-dev
  libarchive-dev zlib1g-dev libmatio-dev libjpeg62-turbo-dev libpng-dev
  libprotobuf-dev protobuf-compiler
  libfmt-dev libssl-dev libcurl4-openssl-dev
  libjs-vega # the charts of promptcl report; embedded in the program
  libcpp-httplib-dev # HTTP of `promptcl serve`
  libgtest-dev libgmock-dev libbenchmark-dev
)

usage() {
  cat <<'END'
usage: tools/setup.sh COMMAND [ARGUMENT...]

  demo     install what is missing, build, and run the demonstration (arguments go to `promptcl demo`)
  test     install what is missing, build with tests, and run them (arguments go to `ctest`)
  build    install what is missing and build; the program is build/release/bin/promptcl
  install  only install what is missing

PROMPTCL_JOBS=N sets the number of parallel compilations; otherwise cores and free memory decide.
END
}

say() { printf '\n== %s\n' "$*"; }
fail() {
  printf 'setup.sh: %s\n' "$*" >&2
  exit 1
}

missing_packages() {
  local package
  for package in "${PACKAGES[@]}"; do
    [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] ||
      printf '%s\n' "$package"
  done
}

install_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    fail "this is no Debian system (apt-get is missing); install what these Debian 12 packages hold," \
      "then run cmake --workflow --preset dev: ${PACKAGES[*]}"
  fi
  local missing
  mapfile -t missing < <(missing_packages)
  if ((${#missing[@]} == 0)); then
    say "All ${#PACKAGES[@]} packages are installed"
    return
  fi
  local as_root=(env)
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "packages can only be installed by root and there is no sudo; as root run:" \
        "apt-get install --no-install-recommends ${missing[*]}"
    as_root=(sudo env)
  fi
  local apt_get=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0)
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  "${apt_get[@]}" update ||
    fail "apt-get update failed; check the network and the sources in /etc/apt, then run this again"
  "${apt_get[@]}" install -y --no-install-recommends "${missing[@]}" ||
    fail "apt-get could not install the packages (its messages are above); check the network and that this is" \
      "Debian 12, or install them another way: ${missing[*]}"
}

# Compilations that fit at once: about 1.5 GB each, and no more than there are cores.
parallel_jobs() {
  if [[ -n "${PROMPTCL_JOBS:-}" ]]; then
    echo "$PROMPTCL_JOBS"
    return
  fi
  local kib cores jobs limit
  kib=$(awk '$1 == "MemAvailable:" {print $2}' /proc/meminfo)
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)
  if [[ "$limit" =~ ^[0-9]+$ ]] && ((limit / 1024 < kib)); then
    kib=$((limit / 1024))
  fi
  cores=$(nproc)
  jobs=$((kib / 1500000))
  ((jobs < cores)) || jobs=$cores
  ((jobs > 1)) || jobs=1
  echo "$jobs"
}

build() { # preset
  local jobs
  jobs=$(parallel_jobs)
  say "Configuring the $1 preset"
  cmake --preset "$1" || fail "cmake could not configure build/$1; its messages above name what is missing"
  say "Building the $1 preset, $jobs at a time"
  cmake --build --preset "$1" --parallel "$jobs" ||
    fail "the build in build/$1 failed; if the compiler was killed, memory ran out: try again with PROMPTCL_JOBS=1"
}

command=${1:-}
(($# == 0)) || shift
case "$command" in
  install)
    install_packages
    ;;
  build)
    install_packages
    build release
    ;;
  demo)
    install_packages
    build release
    say "Running the demonstration: build/release/bin/promptcl demo $*"
    exec build/release/bin/promptcl demo "$@"
    ;;
  test)
    install_packages
    build dev
    say "Running the tests: ctest --preset dev"
    exec ctest --preset dev --parallel "$(parallel_jobs)" "$@"
    ;;
  help | -h | --help)
    usage
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac

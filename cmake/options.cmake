include(GNUInstallDirs)

option(PROMPTCL_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(PROMPTCL_BENCHMARKS "Build the micro-benchmarks in bench/" OFF)
option(PROMPTCL_FUZZERS "Build the libFuzzer targets in fuzz/ (needs clang)" OFF)
option(PROMPTCL_WARNINGS_AS_ERRORS "Treat compiler warnings as errors" OFF)
set(PROMPTCL_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined or thread")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

add_library(promptcl_options INTERFACE)
target_include_directories(promptcl_options INTERFACE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}")
target_compile_options(promptcl_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers  # what a designated initialiser leaves out keeps its default
  $<$<BOOL:${PROMPTCL_WARNINGS_AS_ERRORS}>:-Werror>)
if(PROMPTCL_SANITIZE)
  # vptr needs the RTTI of every class, and LibTorch is not instrumented.
  target_compile_options(promptcl_options INTERFACE
    -fsanitize=${PROMPTCL_SANITIZE} -fno-sanitize=vptr -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(promptcl_options INTERFACE -fsanitize=${PROMPTCL_SANITIZE})
endif()
if(PROMPTCL_FUZZERS)
  # Every layer tells the fuzzer which of its branches were taken.
  target_compile_options(promptcl_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(promptcl_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

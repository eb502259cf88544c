# promptcl_layer(name SOURCES file... [DEPENDS layer-or-library...] [TORCH])
#
# One folder of src/promptcl = one static library promptcl::<name>. TORCH layers see LibTorch and share a
# precompiled header; all others must build without it (tests/architecture holds the rule).
function(promptcl_layer name)
  cmake_parse_arguments(arg "TORCH" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(promptcl_${name} STATIC ${arg_SOURCES})
  add_library(promptcl::${name} ALIAS promptcl_${name})
  target_link_libraries(promptcl_${name} PUBLIC promptcl_options ${arg_DEPENDS})
  set_target_properties(promptcl_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  if(arg_TORCH)
    target_link_libraries(promptcl_${name} PUBLIC promptcl_torch)
    promptcl_precompile_torch(promptcl_${name})
  endif()
endfunction()

# All TORCH targets share the precompiled header of one of them.
function(promptcl_precompile_torch target)
  if(NOT TARGET promptcl_pch)
    file(WRITE "${PROJECT_BINARY_DIR}/pch.cpp" "")
    add_library(promptcl_pch STATIC "${PROJECT_BINARY_DIR}/pch.cpp")
    target_link_libraries(promptcl_pch PUBLIC promptcl_options promptcl_torch)
    set_target_properties(promptcl_pch PROPERTIES POSITION_INDEPENDENT_CODE ON)
    target_precompile_headers(promptcl_pch PRIVATE <ATen/ATen.h> <string> <vector> <memory> <functional>)
  endif()
  target_precompile_headers(${target} REUSE_FROM promptcl_pch)
  target_compile_options(${target} PRIVATE -fPIC)  # executables too: the header was compiled with it
endfunction()

# promptcl_test(name SOURCES file... [LINKS library...] [LABELS label...] [TORCH])
#
# Torch-free tests are listed one by one; a TORCH binary is one ctest entry, because each start of LibTorch costs
# a noticeable part of a second.
function(promptcl_test name)
  cmake_parse_arguments(arg "TORCH" "" "SOURCES;LINKS;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINKS} GTest::gmock_main)
  target_compile_definitions(${name} PRIVATE PROMPTCL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(arg_TORCH)
    target_link_libraries(${name} PRIVATE promptcl_torch)
    promptcl_precompile_torch(${name})
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "torch;${arg_LABELS}" TIMEOUT 900)
  else()
    list(JOIN arg_LABELS "\\;" labels)  # gtest_discover_tests flattens a plain list
    gtest_discover_tests(${name} PROPERTIES LABELS "torch_free\\;${labels}" DISCOVERY_TIMEOUT 30)
  endif()
endfunction()

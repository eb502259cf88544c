# Include this to link promptcl::test_support, whichever folder comes first.
if(NOT TARGET promptcl_test_support)
  add_subdirectory("${CMAKE_CURRENT_LIST_DIR}" "${PROJECT_BINARY_DIR}/tests/support")
endif()

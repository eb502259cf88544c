# A LibTorch with CUDA, from its files. Its own TorchConfig wants a CUDA toolkit of its version on the machine, which nothing here needs:
# PyTorch's wheel has CUDA's libraries and headers in wheels beside it (nvidia/*), a LibTorch archive has the libraries in its lib.
#
# Sets what find_package(Torch) would: TORCH_INSTALL_PREFIX, TORCH_INCLUDE_DIRS, TORCH_LIBRARIES, TORCH_CXX_FLAGS and the target torch_cpu;
# and PROMPTCL_CUDA_INCLUDE_DIRS: CUDA's headers, empty where there are none.
set(TORCH_INSTALL_PREFIX "${PROMPTCL_TORCH_PREFIX}")
set(TORCH_INCLUDE_DIRS "${TORCH_INSTALL_PREFIX}/include" "${TORCH_INSTALL_PREFIX}/include/torch/csrc/api/include")
set(TORCH_CXX_FLAGS "-D_GLIBCXX_USE_CXX11_ABI=1")
foreach(library c10 c10_cuda torch torch_cpu torch_cuda)
  add_library(${library} SHARED IMPORTED GLOBAL)
  set_target_properties(${library} PROPERTIES IMPORTED_LOCATION "${TORCH_INSTALL_PREFIX}/lib/lib${library}.so")
endforeach()
# Nothing calls into torch_cuda by name: it makes itself known to LibTorch when it is loaded.
set(TORCH_LIBRARIES "-Wl,--no-as-needed,${TORCH_INSTALL_PREFIX}/lib/libtorch_cuda.so,--as-needed" torch torch_cpu c10_cuda c10)

file(GLOB cuda_wheels "${TORCH_INSTALL_PREFIX}/../nvidia/*")
foreach(wheel ${cuda_wheels})
  if(IS_DIRECTORY "${wheel}/lib")
    list(APPEND TORCH_LIBRARIES "-Wl,-rpath-link,${wheel}/lib")  # where libtorch_cuda finds them itself when it is loaded
  endif()
  if(IS_DIRECTORY "${wheel}/include")
    list(APPEND PROMPTCL_CUDA_INCLUDE_DIRS "${wheel}/include")
  endif()
endforeach()
if(NOT PROMPTCL_CUDA_INCLUDE_DIRS)
  find_path(PROMPTCL_CUDA_RUNTIME_INCLUDE cuda_runtime_api.h HINTS ENV CUDA_HOME PATHS /usr/local/cuda PATH_SUFFIXES include)
  if(PROMPTCL_CUDA_RUNTIME_INCLUDE)
    set(PROMPTCL_CUDA_INCLUDE_DIRS "${PROMPTCL_CUDA_RUNTIME_INCLUDE}")
  endif()
endif()

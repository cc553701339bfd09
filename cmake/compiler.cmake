# The language, the warnings, the sanitizers.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR "g++ ${CMAKE_CXX_COMPILER_VERSION} destroys temporaries of co_await expressions twice. "
                      "Use clang++-19 (the presets do: cmake --preset release) or g++ 13 and later.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wimplicit-fallthrough -Werror)
# Members that an initializer leaves out have their defaults: that is what designated initializers are for.
add_compile_options(-Wno-missing-designated-field-initializers -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Wthread-safety)
  add_link_options(-fuse-ld=lld)
endif()

# What is released is optimised across files as it is linked, which takes no longer in all: compiling does less. The
# folder lets a later link take over what has not changed.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-flto=thin)
  add_link_options(-flto=thin -Wl,--thinlto-cache-dir=${CMAKE_BINARY_DIR}/thinlto)
  # What is compiled is bitcode then. CMake takes any llvm-ar on the path, and one of an older LLVM refuses it: the
  # archiver has to be the compiler's own.
  string(REGEX MATCH "^[0-9]+" version ${CMAKE_CXX_COMPILER_VERSION})
  file(REAL_PATH ${CMAKE_CXX_COMPILER} compiler)
  cmake_path(GET compiler PARENT_PATH beside_compiler)
  foreach(tool IN ITEMS ar ranlib)
    string(TOUPPER ${tool} TOOL)
    find_program(REFRAIN_${TOOL} llvm-${tool} HINTS ${beside_compiler} NO_DEFAULT_PATH)
    find_program(REFRAIN_${TOOL} llvm-${tool}-${version})
    if(NOT REFRAIN_${TOOL})
      message(FATAL_ERROR "llvm-${tool}-${version} is missing: install the package llvm-${version}, as scripts/bootstrap does")
    endif()
    set(CMAKE_${TOOL} ${REFRAIN_${TOOL}})
  endforeach()
endif()

# Frames of coroutines that Asio keeps for the next ones, a thread: a request has more than two of them open at once.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_definitions(BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=16)
endif()

set(REFRAIN_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize takes them")
if(REFRAIN_SANITIZE)
  add_compile_options(-fsanitize=${REFRAIN_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${REFRAIN_SANITIZE})
endif()

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers are told apart by what is in them, not by when they were made.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()

# Everything comes from the distribution's own packages (scripts/bootstrap installs them).
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(OpenSSL 3 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
# Its CMake file wants OpenCL's headers, which its package only recommends and nothing here needs.
find_library(DNNL dnnl REQUIRED)

# The libraries' headers are not ours to warn about; deprecated Asio parts stay out.
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_ARRAY SPDLOG_FMT_EXTERNAL)

# Long-lived blobs of mixed size fragment the C library's heap; sanitizers bring an allocator of their own.
set(REFRAIN_ALLOCATOR "")
if(NOT REFRAIN_SANITIZE)
  find_library(JEMALLOC jemalloc REQUIRED)
  set(REFRAIN_ALLOCATOR ${JEMALLOC})
endif()

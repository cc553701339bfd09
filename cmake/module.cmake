# Tests, and what only tests and people wait for, run once for each time they are built: in the presets with sanitizers,
# optimising them costs more than it saves.
function(refrain_quick_to_build TARGET)
  target_compile_options(${TARGET} PRIVATE $<$<CONFIG:Debug>:-O0>)
endfunction()

# Reading the standard library's headers is most of what compiling a file costs: it is done once a target. Every file
# goes on including what it uses: scripts/check_includes.py.
# refrain_precompile(TARGET headers...): also these, which nearly all files of the target include.
function(refrain_precompile TARGET)
  target_precompile_headers(${TARGET} PRIVATE <algorithm> <array> <chrono> <functional> <map> <memory> <optional>
                            <ranges> <string> <string_view> <utility> <vector> <boost/asio/any_io_executor.hpp>
                            <boost/asio/awaitable.hpp> <fmt/format.h> ${ARGN})
endfunction()

# What the fuzz targets link tells them where they get to.
function(refrain_fuzzed)
  foreach(name IN LISTS ARGN)
    target_compile_options(refrain_${name} PRIVATE $<$<BOOL:${REFRAIN_FUZZ}>:-fsanitize=fuzzer-no-link>)
  endforeach()
endfunction()

# refrain_module(NAME [FOLDER folder] [DEPENDS modules...] [LINK targets...])
# The folder src/NAME, or FOLDER, and those in it, as the library refrain_NAME, and their *_test.cc files as the test
# program NAME_test. Others include it by its last name, as in "NAME/x.h".
function(refrain_module NAME)
  cmake_parse_arguments(PARSE_ARGV 1 MODULE "" "FOLDER" "DEPENDS;LINK")
  if(NOT MODULE_FOLDER)
    set(MODULE_FOLDER src/${NAME})
  endif()
  cmake_path(GET MODULE_FOLDER PARENT_PATH included_from)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${MODULE_FOLDER}/*.cc)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  if(NOT sources)
    return()
  endif()

  list(TRANSFORM MODULE_DEPENDS PREPEND refrain_)
  add_library(refrain_${NAME} STATIC ${sources})
  target_include_directories(refrain_${NAME} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/${included_from})
  target_link_libraries(refrain_${NAME} PUBLIC ${MODULE_DEPENDS} ${MODULE_LINK})
  refrain_precompile(refrain_${NAME})

  if(REFRAIN_TESTS AND tests)
    add_executable(${NAME}_test ${tests})
    refrain_quick_to_build(${NAME}_test)
    refrain_precompile(${NAME}_test <gtest/gtest.h>)
    target_include_directories(${NAME}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(${NAME}_test PRIVATE refrain_${NAME} GTest::gtest_main GTest::gmock)
    gtest_discover_tests(${NAME}_test TEST_PREFIX "${NAME}." DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                         PROPERTIES TIMEOUT 120)
  endif()
endfunction()

# refrain_embed(TARGET FILE SYMBOL)
# Puts FILE (relative to the project) into the library TARGET as `extern const std::string_view SYMBOL`, for example
# refrain::ledger::embedded_prices. The source is written anew whenever the file changes. As a script (cmake -P) this
# file writes that source itself, so no tool but CMake is needed.
function(refrain_embed TARGET FILE SYMBOL)
  string(REPLACE "::" "_" name ${SYMBOL})
  set(source ${PROJECT_BINARY_DIR}/embedded/${name}.cc)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${PROJECT_SOURCE_DIR}/${FILE} -DOUTPUT=${source} -DSYMBOL=${SYMBOL}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${PROJECT_SOURCE_DIR}/${FILE} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    COMMENT "Embedding ${FILE}"
    VERBATIM)
  target_sources(${TARGET} PRIVATE ${source})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${INPUT} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  string(REGEX REPLACE "::[^:]+$" "" namespace ${SYMBOL})
  string(REGEX REPLACE "^.*::" "" symbol ${SYMBOL})
  # The closing zero keeps the array of an empty file from being empty; it is no part of the view. The declaration
  # before the definition gives a constant external linkage.
  file(WRITE ${OUTPUT}
"#include <string_view>

namespace ${namespace} {
namespace {

constexpr char bytes[] = {${bytes}'\\0'};

}  // namespace

extern const std::string_view ${symbol};
constinit const std::string_view ${symbol}{bytes, sizeof bytes - 1};

}  // namespace ${namespace}
")
endif()

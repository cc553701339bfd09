# refrain_embed(TARGET FILE SYMBOL [OPTIONAL])
# Puts FILE (relative to the project) into the library TARGET as `extern const std::string_view SYMBOL`, for example
# refrain::ledger::embedded_prices; an optional FILE that is not there is an empty view. The source is written anew
# whenever the file changes. As a script (cmake -P) this file writes that source itself, so no tool but CMake is needed.
function(refrain_embed TARGET FILE SYMBOL)
  string(REPLACE "::" "_" name ${SYMBOL})
  set(source ${PROJECT_BINARY_DIR}/embedded/${name}.cc)
  # A glob is looked at before each build: a file that comes later is seen then.
  file(GLOB input CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${FILE})
  if(NOT input AND NOT "OPTIONAL" IN_LIST ARGN)
    message(FATAL_ERROR "${FILE}, which is to be embedded, is not there")
  endif()
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${input} -DOUTPUT=${source} -DSYMBOL=${SYMBOL}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${input} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    COMMENT "Embedding ${FILE}"
    VERBATIM)
  target_sources(${TARGET} PRIVATE ${source})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  string(REGEX REPLACE "::[^:]+$" "" namespace ${SYMBOL})
  string(REGEX REPLACE "^.*::" "" symbol ${SYMBOL})
  string(REPLACE "::" "_" label ${SYMBOL}_bytes)
  if(INPUT)
    file(SIZE ${INPUT} size)
    set(bytes ".incbin \\\"${INPUT}\\\"\\n")
  else()
    set(size 0)
    set(bytes "")
  endif()
  # The assembler reads the file: megabytes as an array would take the compiler minutes. The declaration before the
  # definition gives a constant external linkage.
  file(WRITE ${OUTPUT}
"#include <string_view>

asm(\".pushsection .rodata\\n.balign 64\\n.globl ${label}\\n.hidden ${label}\\n${label}:\\n${bytes}.byte 0\\n.popsection\");
extern \"C\" [[gnu::visibility(\"hidden\")]] const char ${label}[];

namespace ${namespace} {

extern const std::string_view ${symbol};
constinit const std::string_view ${symbol}{${label}, ${size}};

}  // namespace ${namespace}
")
endif()

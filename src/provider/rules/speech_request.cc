#include "provider/rules/speech_request.h"

#include <fmt/format.h>

#include "base/text.h"

namespace refrain::provider {

void describe_speech(const speech_request& what, entry::parsed_request& parsed) {
  parsed.group = fmt::format("{}:{}", what.provider, base::percent_encode(what.voice));
  parsed.suffix = base::percent_encode(what.codec);
  parsed.model = what.model;
  parsed.query = shown_speech(what.text);
  parsed.characters = base::count_code_points(what.text);
}

std::string shown_speech(std::string_view text) {
  constexpr std::size_t query_bytes = 200;
  return base::shorten(text, query_bytes);
}

}  // namespace refrain::provider

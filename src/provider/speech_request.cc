#include "provider/speech_request.h"

#include <fmt/format.h>

#include "base/text.h"

namespace refrain::provider {

void describe_speech(const speech_request& what, entry::facts& known) {
  known.place = fmt::format("{}:{}", what.provider, base::percent_encode(what.voice));
  known.suffix = base::percent_encode(what.codec);
  known.model = what.model;
  known.query = shown_speech(what.text);
  known.characters = base::count_code_points(what.text);
}

std::string shown_speech(std::string_view text) {
  constexpr std::size_t query_bytes = 200;
  return base::shorten(text, query_bytes);
}

}  // namespace refrain::provider

#include "provider/rules/speech_request.h"

#include <fmt/format.h>

#include "base/text.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {

void describe_speech(const speech_request& what, entry::parsed_request& parsed) {
  parsed.group = fmt::format("{}:{}", what.provider, base::percent_encode(what.voice));
  parsed.suffix = base::percent_encode(what.codec);
  parsed.model = what.model;
  parsed.query = shown_text(what.text);
  parsed.characters = base::count_code_points(what.text);
}

}  // namespace refrain::provider

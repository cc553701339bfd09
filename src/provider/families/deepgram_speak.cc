#include "provider/families/deepgram_speak.h"

#include <algorithm>
#include <array>

#include "provider/rules/dialect.h"
#include "provider/rules/json_request.h"
#include "provider/rules/keyed_query.h"
#include "provider/rules/speech.h"

namespace refrain::provider {
namespace {

constexpr std::string_view usual_model = "aura-asteria-en";
constexpr std::string_view usual_encoding = "mp3";

constexpr std::array denylist{
    unkeyed_member{"mip_opt_out", "whether the provider may learn from the request: price, not sound"},
    unkeyed_member{"tag", "a label for the provider's usage reports"},
};

/// What holds where a parameter is absent, for an encoding ("Audio Format Combinations"). Containers and rates that the
/// reference leaves open are keyed as they are sent.
struct encoding_row {
  std::string_view encoding;
  std::array<stated_parameter, 5> defaults;
};
constexpr stated_parameter model{"model", usual_model};
constexpr stated_parameter encoding{"encoding", usual_encoding};
constexpr stated_parameter speed{"speed", "1"};
constexpr std::array encodings{
    encoding_row{usual_encoding, {model, encoding, speed, {"bit_rate", "48000"}, {"sample_rate", "22050"}}},
    encoding_row{"linear16", {model, encoding, speed, {"container", "wav"}, {"sample_rate", "24000"}}},
    encoding_row{"mulaw", {model, encoding, speed, {"container", "wav"}, {"sample_rate", "8000"}}},
    encoding_row{"alaw", {model, encoding, speed, {"container", "wav"}, {"sample_rate", "8000"}}},
};
constexpr std::array of_all_encodings{model, speed};

std::span<const stated_parameter> defaults_of(std::string_view name) {
  const auto* const row = std::ranges::find(encodings, name, &encoding_row::encoding);
  return row == encodings.end() ? std::span<const stated_parameter>{of_all_encodings} : row->defaults;
}

/// `dg-request-id` leads the provider's support to the call that made the audio; `dg-char-count` would tell of a bill
/// that the hit did not cause.
constexpr std::array<std::string_view, 3> headers_to_keep{"dg-model-name", "dg-model-uuid", "dg-request-id"};

uncacheable_reason read_body(const canonical_value& body, const request_view& request, entry::parsed_request& parsed) {
  const auto text = body.text("text");
  if (text.empty()) return uncacheable_reason::malformed_body;
  const keyed_query query{request.query};
  const auto voice = query.value_or("model", usual_model);
  const auto codec = query.value_or("encoding", usual_encoding);
  describe_speech({.provider = "deepgram", .voice = voice, .codec = codec, .model = voice, .text = text}, parsed);
  parsed.target_in_content = true;
  digest_members(body, {}, parsed);
  query.add_to(parsed, denylist, defaults_of(codec));
  // The audio goes to the URL that is named, the answer only says that it will.
  return query.has("callback") ? uncacheable_reason::upstream_effect : uncacheable_reason::none;
}

}  // namespace

constinit const dialect deepgram_speak{{
    .read = read_json<read_body>,
    .is_audio = true,
    .kept_headers = headers_to_keep,
}};

}  // namespace refrain::provider

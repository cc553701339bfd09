#include "provider/openai_speech.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "provider/audio_answer.h"
#include "provider/canonical.h"
#include "provider/keyed_members.h"
#include "provider/litellm_wishes.h"
#include "provider/openai_chat_forward.h"
#include "provider/openai_speech_events.h"

namespace refrain::provider {
namespace {

using entry::refusal;
using entry::wire_form;

constexpr std::array denylist{
    unkeyed_member{"stream_format", "the form on the wire: one entry serves both"},
};

/// What the reference says holds where a member is absent: SDKs that state it share with those that do not.
constexpr std::array defaults{
    stated_default{"response_format", json_kind::string, "mp3"},
    stated_default{"speed", json_kind::number, "1e0"},
    stated_default{"instructions", json_kind::string, ""},
};

constexpr std::array<std::string_view, 2> headers_to_keep{"openai-version", "x-request-id"};
constexpr std::size_t query_bytes = 200;

std::string_view string_in(const canonical_value& body, std::string_view name, std::string_view otherwise = {}) {
  const auto member = body.find(name);
  return member ? member->string().value_or(std::string_view{}) : otherwise;
}

/// A voice has a name, or is the caller's own and has an id.
std::string_view voice_in(const canonical_value& body) {
  const auto voice = body.find("voice");
  return voice && voice->is(json_kind::object) ? string_in(*voice, "id") : string_in(body, "voice");
}

refusal read_body(const canonical_value& body, entry::facts& known) {
  const auto input = string_in(body, "input");
  const auto voice = voice_in(body);
  const auto codec = string_in(body, "response_format", "mp3");
  const auto form = string_in(body, "stream_format", "audio");
  known.model = string_in(body, "model");
  known.wishes = read_litellm_wishes(body);
  if (input.empty() || voice.empty() || codec.empty() || (form != "audio" && form != "sse")) {
    return refusal::malformed_body;
  }
  known.form = form == "sse" ? wire_form::stream : wire_form::plain;
  known.wants_usage = known.form == wire_form::stream;
  known.query = base::shorten(input, query_bytes);
  known.characters = base::count_code_points(input);
  known.place = "openai:" + base::percent_encode(voice);
  known.suffix = base::percent_encode(codec);
  digest_members(body, denylist, known, defaults);
  return refusal::none;
}

class openai_speech_dialect final : public dialect {
 public:
  [[nodiscard]] entry::facts read(const request_view& request) const override {
    entry::facts known;
    const auto body = canonicaliser::of_thread().read(request.body);
    known.why_not = body ? read_body(*body, known) : body.error();
    return known;
  }

  [[nodiscard]] std::string forward_body(std::string_view body, const entry::facts& known,
                                         bool /*ask_usage*/) const override {
    return forward_openai_chat_request(body, known, false);
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override {
    return form == wire_form::stream ? read_openai_speech_events() : read_audio_answer();
  }

  [[nodiscard]] bool answers_with(wire_form form, std::string_view content_type) const override {
    return form == wire_form::stream || is_audio_type(content_type);
  }

  [[nodiscard]] bool can_serve(wire_form recorded_form, bool /*usage_asked*/, wire_form wanted,
                               bool /*wants_usage*/) const override {
    return recorded_form == wanted || wanted == wire_form::plain;
  }

  [[nodiscard]] base::result<rendering> render(const recorded& answer, wire_form wanted,
                                               bool /*wants_usage*/) const override {
    if (answer.form != wire_form::stream || wanted != wire_form::plain) {
      return base::fail(base::errc::not_found, "audio does not turn into events");
    }
    auto audio = join_openai_speech_events(answer.body);
    if (!audio) return base::fail(std::move(audio).error());
    return rendering{.content_type = std::string(audio_type_of(answer.suffix)), .body = *std::move(audio)};
  }

  [[nodiscard]] std::span<const std::string_view> kept_headers() const override { return headers_to_keep; }
};

}  // namespace

const dialect& openai_speech() noexcept {
  static const openai_speech_dialect only;
  return only;
}

}  // namespace refrain::provider

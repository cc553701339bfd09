#include "provider/families/openai_speech.h"

#include <array>
#include <utility>

#include "provider/families/openai_speech_events.h"
#include "provider/rules/audio_answer.h"
#include "provider/rules/json_request.h"
#include "provider/rules/keyed_members.h"
#include "provider/rules/many_forms.h"
#include "provider/rules/openai_headers.h"
#include "provider/rules/speech_request.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;
using entry::wire_form;

constexpr std::array denylist{
    unkeyed_member{"cache", "LiteLLM's directives to the cache, where it is an object"},
    unkeyed_member{"stream_format", "the form on the wire: one entry serves both"},
};

/// What the reference says holds where a member is absent: SDKs that state it share with those that do not.
constexpr std::array defaults{
    stated_default{"response_format", json_kind::string, "mp3"},
    stated_default{"speed", json_kind::number, "1e0"},
    stated_default{"instructions", json_kind::string, ""},
};

/// Empty where it is no string.
std::string_view stated(const canonical_value& body, std::string_view name, std::string_view otherwise) {
  return body.find(name) ? body.text(name) : otherwise;
}

/// A voice has a name, or is the caller's own and has an id.
std::string_view voice_in(const canonical_value& body) {
  const auto voice = body.find("voice");
  return voice && voice->is(json_kind::object) ? voice->text("id") : body.text("voice");
}

uncacheable_reason read_body(const canonical_value& body, entry::parsed_request& parsed) {
  const auto input = body.text("input");
  const auto voice = voice_in(body);
  const auto codec = stated(body, "response_format", "mp3");
  const auto form = stated(body, "stream_format", "audio");
  read_openai_frame(body, parsed);
  if (input.empty() || voice.empty() || codec.empty() || (form != "audio" && form != "sse")) {
    return uncacheable_reason::malformed_body;
  }
  parsed.form = form == "sse" ? wire_form::stream : wire_form::plain;
  parsed.wants_usage = parsed.form == wire_form::stream;
  describe_speech({.provider = "openai", .voice = voice, .codec = codec, .model = parsed.model, .text = input}, parsed);
  digest_openai_members(body, denylist, parsed, defaults);
  return uncacheable_reason::none;
}

class openai_speech_dialect final : public many_forms {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_request(request.body, read_body);
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

  [[nodiscard]] std::span<const std::string_view> kept_headers() const override { return openai_kept_headers; }

 private:
  [[nodiscard]] base::result<std::string> turn(const recorded& answer, wire_form wanted) const override {
    if (wanted == wire_form::plain) return join_openai_speech_events(answer.body);
    return base::fail(base::errc::not_found, "audio does not turn into events");
  }

  [[nodiscard]] std::string_view type_of(const recorded& answer, wire_form /*wanted*/) const override {
    return audio_type_of(answer.suffix);
  }
};

}  // namespace

const dialect& openai_speech() noexcept {
  static const openai_speech_dialect only;
  return only;
}

}  // namespace refrain::provider

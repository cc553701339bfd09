#include "provider/families/cartesia_speech.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "provider/families/cartesia_speech_events.h"
#include "provider/rules/audio_answer.h"
#include "provider/rules/json_request.h"
#include "provider/rules/keyed_query.h"
#include "provider/rules/many_forms.h"
#include "provider/rules/speech_request.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;
using entry::wire_form;

/// Each event of a stream repeats its `context_id`, so that a stream's is keyed, as another's would not be known to the
/// client. Audio has none.
constexpr std::array denylist{
    unkeyed_member{"add_timestamps", "the form on the wire: one entry serves both"},
    unkeyed_member{"context_id", "names the request to the client; of audio alone, which does not repeat it"},
};
constexpr std::span denylist_of_events = std::span{denylist}.first(1);

/// What the reference says holds where a member is absent.
constexpr std::array defaults{
    stated_default{"add_phoneme_timestamps", json_kind::no},
    stated_default{"normalization", json_kind::string, "auto"},
    stated_default{"save", json_kind::no},
    stated_default{"speed", json_kind::string, "normal"},
    stated_default{"use_normalized_timestamps", json_kind::no},
};

/// The version of the API: a date, by which its answers differ.
constexpr std::array<std::string_view, 1> version_header{"cartesia-version"};
constexpr std::array<std::string_view, 1> headers_to_keep{"x-request-id"};

bool says_yes(const canonical_value& body, std::string_view name) {
  const auto value = body.find(name);
  return value && value->is(json_kind::yes);
}

/// A voice is an id, or an object with one. One that is given by other means is known by its digest.
std::string voice_in(const canonical_value& body) {
  const auto voice = body.find("voice");
  if (!voice) return {};
  if (const auto id = voice->string()) return std::string(*id);
  if (!voice->is(json_kind::object)) return {};
  const auto id = voice->text("id");
  return id.empty() ? base::sha256(voice->bytes()).hex().substr(0, 16) : std::string(id);
}

uncacheable_reason read_body(const canonical_value& body, const request_view& request, entry::parsed_request& parsed) {
  const bool in_events = request.path.ends_with("/sse");
  const auto format = body.find("output_format");
  const auto container = format ? format->text("container") : std::string_view{};
  const auto text = body.text("transcript");
  const auto voice = voice_in(body);
  // Events carry raw audio; another container in them is not understood.
  if (text.empty() || voice.empty() || container.empty() || (in_events && container != "raw")) {
    return uncacheable_reason::malformed_body;
  }
  if (in_events) parsed.form = says_yes(body, "add_timestamps") ? wire_form::timed_stream : wire_form::stream;
  parsed.wants_usage = in_events;
  describe_speech({.provider = "cartesia",
                   .voice = voice,
                   .codec = container == "raw" ? format->text("encoding") : container,
                   .model = body.text("model_id"),
                   .text = text},
                  parsed);
  parsed.target_in_content = true;
  digest_members(body, in_events ? denylist_of_events : std::span{denylist}, parsed, defaults);
  keyed_query{request.query}.add_to(parsed, {}, {});
  // The provider keeps the file, and the answer names it.
  return says_yes(body, "save") ? uncacheable_reason::upstream_effect : uncacheable_reason::none;
}

class cartesia_speech_dialect final : public many_forms {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_request(request.body, [&](const canonical_value& body, entry::parsed_request& parsed) {
      return read_body(body, request, parsed);
    });
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override {
    return form == wire_form::plain ? read_audio_answer() : read_cartesia_events();
  }

  [[nodiscard]] bool answers_with(wire_form form, std::string_view content_type) const override {
    return form != wire_form::plain || is_audio_type(content_type);
  }

  [[nodiscard]] bool can_serve(wire_form recorded_form, bool /*usage_asked*/, wire_form wanted,
                               bool /*wants_usage*/) const override {
    return recorded_form == wanted || recorded_form == wire_form::timed_stream ||
           (recorded_form == wire_form::stream && wanted == wire_form::plain);
  }

  [[nodiscard]] std::span<const std::string_view> key_headers() const override { return version_header; }
  [[nodiscard]] std::span<const std::string_view> kept_headers() const override { return headers_to_keep; }

 private:
  [[nodiscard]] base::result<std::string> turn(const recorded& answer, wire_form wanted) const override {
    const bool timed = answer.form == wire_form::timed_stream;
    if (wanted == wire_form::plain && (timed || answer.form == wire_form::stream)) {
      return join_cartesia_events(answer.body);
    }
    if (wanted == wire_form::stream && timed) return without_cartesia_timestamps(answer.body);
    return base::fail(base::errc::not_found, "this recording does not tell the times of its words");
  }

  [[nodiscard]] std::string_view type_of(const recorded& answer, wire_form wanted) const override {
    return wanted == wire_form::plain ? audio_type_of(answer.suffix) : "text/event-stream";
  }
};

}  // namespace

const dialect& cartesia_speech() noexcept {
  static const cartesia_speech_dialect only;
  return only;
}

}  // namespace refrain::provider

#include "provider/families/openai_transcription.h"

#include <simdjson.h>

#include <utility>

#include "base/sse.h"
#include "provider/families/openai_transcription_request.h"
#include "provider/json/json_tree.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/many_forms.h"
#include "provider/rules/openai_headers.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;
using entry::wire_form;

constexpr std::string_view delta_type = "transcript.text.delta";
constexpr std::string_view done_type = "transcript.text.done";

std::unexpected<base::error> cannot(std::string_view why) {
  return base::fail(base::errc::not_found, "this transcript cannot take another form: " + std::string{why});
}

/// Judges a JSON answer, or a stream's events: of either, an object with the whole text counts.
class transcript_judge final : public presence_judge {
 public:
  explicit transcript_judge(wire_form form) : streams_(form == wire_form::stream) {}

  [[nodiscard]] uncacheable_reason take(const canonical_value& object) override {
    if (!object.is(json_kind::object)) return uncacheable_reason::malformed_answer;
    const auto type = object.text("type");
    if (holds_error(object) || (streams_ && type == "error")) return uncacheable_reason::error_event;
    if (streams_ && type != done_type) return uncacheable_reason::none;
    ended_ = streams_;
    usage_ = read_openai_usage(object.find("usage"));
    const auto text = object.find("text");
    if (!text || !text->is(json_kind::string)) return uncacheable_reason::malformed_answer;
    has_content_ = holds_something(*text);
    return uncacheable_reason::none;
  }

  [[nodiscard]] bool ended() const override { return ended_; }

 private:
  bool streams_;
  bool ended_ = false;
};

/// A text has no end of its own to judge by: its framing alone says that it is whole. A page of HTML is some proxy's.
verdict judge_text(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  uncacheable_reason why = uncacheable_reason::none;
  if (begin == std::string_view::npos) {
    why = uncacheable_reason::empty_answer;
  } else if (text[begin] == '<' || !simdjson::validate_utf8(text.data(), text.size())) {
    why = uncacheable_reason::malformed_answer;
  }
  return {.why_not = why, .usage = {}, .marks = {}};
}

verdict judge_plain(std::string_view body) {
  const auto begin = body.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || body[begin] != '{') return judge_text(body);
  transcript_judge judge{wire_form::plain};
  return judge_json_text(body, judge);
}

void write_event(const json_tree& event, std::string& out) {
  out.append("data: ");
  event.write(out);
  out.append("\n\n");
}

class openai_transcription_dialect final : public many_forms {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_openai_transcription_request(request);
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override {
    if (form == wire_form::plain) return read_whole_answer(judge_plain);
    return read_event_stream(std::make_unique<transcript_judge>(form), stream_end::final_event);
  }

  [[nodiscard]] std::span<const std::string_view> kept_headers() const override { return openai_kept_headers; }

 private:
  /// Where the forms do not hold the same they have entries of their own.
  [[nodiscard]] base::result<std::string> turn(const recorded& answer, wire_form wanted) const override {
    return wanted == wire_form::plain ? merge_transcript(answer.body) : split_transcript(answer.body);
  }

  [[nodiscard]] std::string_view type_of(const recorded& /*answer*/, wire_form wanted) const override {
    return content_type_of(wanted);
  }
};

}  // namespace

base::result<std::string> merge_transcript(std::string_view stream) {
  base::sse_parser parser{base::byte_count{stream.size()}};
  parser.feed(stream);
  parser.finish();
  while (const auto event = parser.next()) {
    auto object = json_tree::parse(event->data);
    const auto* const type = object ? object->find("type") : nullptr;
    if (type == nullptr || type->text != done_type) continue;
    object->erase("type");
    std::string body;
    object->write(body);
    return body;
  }
  return cannot("its stream does not end with the whole text");
}

base::result<std::string> split_transcript(std::string_view plain) {
  auto whole = json_tree::parse(plain);
  const auto* const text = whole ? whole->find("text") : nullptr;
  if (text == nullptr || whole->find("type") != nullptr) return cannot("it is not the JSON of a text");
  auto delta = json_tree::object({{"type", json_tree::string(std::string{delta_type})}, {"delta", *text}});
  if (const auto* const logprobs = whole->find("logprobs")) delta["logprobs"] = *logprobs;
  whole->members.emplace(whole->members.begin(), "type", json_tree::string(std::string{done_type}));
  std::string out;
  write_event(delta, out);
  write_event(*whole, out);
  return out;
}

const dialect& openai_transcription() noexcept {
  static const openai_transcription_dialect only;
  return only;
}

}  // namespace refrain::provider

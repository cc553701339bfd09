#include <algorithm>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "provider/families/openai.h"
#include "provider/json/text_pieces.h"
#include "provider/rules/dialect.h"
#include "provider/rules/events.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/json_request.h"
#include "provider/rules/multipart.h"

namespace refrain::provider {
namespace {

constexpr std::string_view delta_type = "transcript.text.delta";
constexpr std::string_view done_type = "transcript.text.done";

using parts = std::vector<multipart_part>;

std::ptrdiff_t count_of(const parts& all, std::string_view name) {
  return std::ranges::count(all, name, &multipart_part::name);
}

/// The text of a field; empty where there is none.
std::string_view text_of(const parts& all, std::string_view name) {
  const auto at = std::ranges::find(all, name, &multipart_part::name);
  return at == all.end() || at->is_file ? std::string_view{} : at->bytes;
}

bool read_form(const parts& all, entry::parsed_request& parsed) {
  const auto stream = text_of(all, "stream");
  if (stream == "true") parsed.form = wire_form::stream;
  return stream == "true" || stream == "false" || count_of(all, "stream") == 0;
}

base::digest256 digest_of(std::span<const multipart_part> of_one_name) {
  base::digest_input input;
  for (const auto& part : of_one_name) {
    input.add('k', part.is_file ? "file" : "text").add('t', part.type).add('b', base::sha256(part.bytes));
  }
  return base::sha256(input.view());
}

/// A digest for each name but `left_out`, and one over all in the order of names; parts of one name keep their order.
void digest_parts(parts all, std::string_view left_out, entry::parsed_request& parsed) {
  // Where the bytes stand tells the order of those with one name.
  std::ranges::sort(all, {}, [](const multipart_part& one) { return std::pair{one.name, one.bytes.data()}; });
  base::digest_input whole;
  for (auto first = all.begin(); first != all.end();) {
    const auto last = std::find_if(first, all.end(), [&](const auto& one) { return one.name != first->name; });
    if (first->name != left_out && !is_ignored(parsed, first->name)) {
      const auto value = digest_of({first, last});
      whole.add('n', first->name).add('v', value);
      parsed.fields.push_back({.name = std::string(first->name), .value = value});
    }
    first = last;
  }
  parsed.content = base::sha256(whole.view());
}

uncacheable_reason read_parts(const parts& all, entry::parsed_request& parsed) {
  for (const auto* const name : {"model", "response_format", "stream"}) {
    if (count_of(all, name) > 1) return uncacheable_reason::ambiguous_body;
  }
  const auto model = text_of(all, "model");
  const auto prompt = text_of(all, "prompt");
  if (model.empty() || count_of(all, "file") == 0 || !base::is_utf8(model) || !base::is_utf8(prompt))
    return uncacheable_reason::malformed_body;
  if (!read_form(all, parsed)) return uncacheable_reason::malformed_body;
  parsed.model = model;
  parsed.query = shown_text(prompt);
  const auto format = text_of(all, "response_format");
  const bool one_entry_for_both_forms = format == "json" || count_of(all, "response_format") == 0;
  digest_parts(all, one_entry_for_both_forms ? "stream" : "", parsed);
  return uncacheable_reason::none;
}

entry::parsed_request read_transcription_request(const request_view& request) {
  entry::parsed_request parsed;
  parsed.group = "openai";
  parsed.ignored.assign(request.ignored.begin(), request.ignored.end());
  const auto all = read_multipart(request.content_type, request.body);
  parsed.why_not = all ? read_parts(*all, parsed) : uncacheable_reason::malformed_body;
  return parsed;
}

/// Judges a JSON answer, or a stream's events: of either, an object with the whole text counts.
class transcript_judge final : public answer_judge {
 public:
  explicit transcript_judge(wire_form form) : streams_(form == wire_form::stream) {}

 private:
  [[nodiscard]] uncacheable_reason read(const canonical_value& object) override {
    const auto type = object.text("type");
    if (streams_ && type == "error") return uncacheable_reason::error_event;
    if (streams_ && type != done_type) return uncacheable_reason::none;
    ended_ = streams_;
    usage_ = read_openai_usage(object.find("usage"));
    const auto text = object.find("text");
    if (!text || !text->is(json_kind::string)) return uncacheable_reason::malformed_answer;
    has_content_ = text->holds_something();
    return uncacheable_reason::none;
  }

  bool streams_;
};

/// A text has no end of its own to judge by: its framing alone says that it is whole. A page of HTML is some proxy's.
verdict judge_text(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  uncacheable_reason why = uncacheable_reason::none;
  if (begin == std::string_view::npos) {
    why = uncacheable_reason::empty_answer;
  } else if (text[begin] == '<' || !base::is_utf8(text)) {
    why = uncacheable_reason::malformed_answer;
  }
  return {.why_not = why, .usage = {}, .marks = {}, .by_framing = true};
}

verdict judge_plain(std::string_view body) {
  const auto begin = body.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || body[begin] != '{') return judge_text(body);
  transcript_judge judge{wire_form::plain};
  return judge_json_text(body, judge);
}

std::unique_ptr<answer_reader> read_answer(wire_form form) {
  if (form == wire_form::plain) return read_whole_answer(judge_plain);
  return read_event_stream(std::make_unique<transcript_judge>(form), stream_end::final_event);
}

/// The plain JSON of a recorded stream: what its last event, `transcript.text.done`, holds.
base::result<std::string> merge_transcript(std::string_view stream) {
  std::string body;
  (void)all_event_trees(stream, [&](json_tree&& event) {
    if (event.spelling("type") != done_type) return true;
    event.erase("type");
    event.write(body);
    return false;
  });
  if (body.empty()) return cannot_turn("its stream does not end with the whole text");
  return body;
}

/// The stream of a plain JSON answer: its text in deltas of a few words, and the last event.
base::result<std::string> split_transcript(std::string_view plain) {
  auto whole = json_tree::parse(plain);
  const auto* const text = whole ? whole->find("text", json_tree::kind::string) : nullptr;
  if (text == nullptr || whole->find("type") != nullptr) return cannot_turn("it is not the JSON of a text");
  const auto* logprobs = whole->find("logprobs");
  std::string out;
  for (const auto piece : cut_text(text->text)) {
    auto delta = json_tree::object(
        {{"type", json_tree::string(std::string{delta_type})}, {"delta", json_tree::string(std::string{piece})}});
    if (const auto* const told = std::exchange(logprobs, nullptr)) delta["logprobs"] = *told;
    append_event(out, delta);
  }
  whole->members.emplace(whole->members.begin(), "type", json_tree::string(std::string{done_type}));
  append_event(out, *whole);
  return out;
}

}  // namespace

// Where the forms do not hold the same they have entries of their own.
constinit const dialect openai_transcription{{
    .read = read_transcription_request,
    .read_answer = read_answer,
    .turn =
        [](const recorded& answer, wire_form wanted, bool /*wants_usage*/) {
          return wanted == wire_form::plain ? merge_transcript(answer.body) : split_transcript(answer.body);
        },
    .kept_headers = openai_kept_headers,
}};

}  // namespace refrain::provider

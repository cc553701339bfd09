#include "provider/families/gemini_content.h"

#include <utility>
#include <vector>

#include "base/sse.h"
#include "provider/families/gemini_content_judge.h"
#include "provider/families/gemini_content_merge.h"
#include "provider/families/gemini_content_request.h"
#include "provider/families/gemini_headers.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/many_forms.h"

namespace refrain::provider {
namespace {

using entry::wire_form;
using kind = json_tree::kind;

std::unexpected<base::error> unreadable() {
  return base::fail(base::errc::not_found, "a chunk of the recorded answer is not JSON");
}

/// The objects that a recorded stream consists of.
base::result<std::vector<json_tree>> chunks_of_events(std::string_view stream) {
  std::vector<json_tree> chunks;
  base::sse_parser parser{base::byte_count{stream.size()}};
  parser.feed(stream);
  parser.finish();
  while (const auto event = parser.next()) {
    if (event->data == "[DONE]") break;
    auto chunk = json_tree::parse(event->data);
    if (!chunk) return unreadable();
    chunks.push_back(*std::move(chunk));
  }
  return chunks;
}

/// The objects that a recorded answer consists of; a plain one is its only chunk.
base::result<std::vector<json_tree>> chunks_of(const recorded& answer) {
  if (answer.form == wire_form::stream) return chunks_of_events(answer.body);
  auto body = json_tree::parse(answer.body);
  if (!body) return unreadable();
  if (answer.form == wire_form::array && body->is(kind::array)) return std::move(body->elements);
  std::vector<json_tree> only;
  only.push_back(*std::move(body));
  return only;
}

std::string write_events(const std::vector<json_tree>& chunks) {
  std::string out;
  for (const auto& chunk : chunks) {
    out.append("data: ");
    chunk.write(out);
    out.append("\r\n\r\n");
  }
  return out;
}

/// A chunk a line, as the provider does it.
std::string write_array(const std::vector<json_tree>& chunks) {
  std::string out = "[";
  for (const auto& chunk : chunks) {
    if (out.size() > 1) out.append(",\r\n");
    chunk.write(out);
  }
  return out + ']';
}

base::result<std::string> write_merged(std::vector<json_tree>&& chunks) {
  const auto merged = merge_gemini_chunks(std::move(chunks));
  if (!merged) return base::fail(merged.error());
  std::string out;
  merged->write(out);
  return out;
}

class gemini_content_dialect final : public many_forms {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_gemini_content_request(request);
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override {
    if (form == wire_form::stream) return read_event_stream(judge_gemini_content(), stream_end::framing);
    if (form == wire_form::array) return read_json_array(judge_gemini_content());
    return read_json_answer(judge_gemini_content());
  }

  [[nodiscard]] std::span<const std::string_view> key_headers() const override { return gemini_key_headers; }

 private:
  [[nodiscard]] base::result<std::string> turn(const recorded& answer, wire_form wanted) const override {
    auto chunks = chunks_of(answer);
    if (!chunks) return base::fail(std::move(chunks).error());
    if (wanted == wire_form::plain) return write_merged(*std::move(chunks));
    return wanted == wire_form::stream ? write_events(*chunks) : write_array(*chunks);
  }

  [[nodiscard]] std::string_view type_of(const recorded& /*answer*/, wire_form wanted) const override {
    return gemini_content_type(wanted);
  }
};

}  // namespace

const dialect& gemini_content() noexcept {
  static const gemini_content_dialect only;
  return only;
}

}  // namespace refrain::provider

// Every endpoint's dialect with bytes that mean nothing. The first byte chooses the endpoint. Reading requests and
// answers never crashes; a request that could be read is forwarded as one whose facts are the same but for the
// splices; what is stored does not depend on cuts, and what is rendered from it is an answer too.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "provider/batch.h"
#include "provider/registry.h"

using namespace refrain;
using entry::wire_form;
using provider::dialect;

namespace {

/// For the endpoints that take forms; the others do not look at it.
constexpr std::string_view form_type = "multipart/form-data; boundary=edge";
/// The forms that an endpoint's dialect may meet.
std::span<const wire_form> forms_of(const provider::endpoint_row& row) {
  static constexpr std::array usual{wire_form::plain, wire_form::stream};
  static constexpr std::array gemini{wire_form::plain, wire_form::stream, wire_form::array};
  static constexpr std::array speech{wire_form::plain, wire_form::stream, wire_form::timed, wire_form::timed_stream};
  if (row.type == entry::cache_type::tts) return speech;
  return row.family == "gemini" ? std::span<const wire_form>{gemini} : usual;
}

void check_request(const provider::endpoint_row& row, std::string_view body) {
  const auto known = row.wire.read({.path = row.path, .query = {}, .body = body, .content_type = form_type});
  for (const bool ask_usage : {false, true}) {
    const auto forwarded = row.wire.forward_body(body, known, ask_usage);
    if (known.why_not != entry::refusal::none) continue;
    const auto again = row.wire.read({.path = row.path, .query = {}, .body = forwarded, .content_type = form_type});
    if (again.why_not != known.why_not || again.content != known.content || again.wishes.present) std::abort();
  }
}

provider::verdict read_by_steps(const dialect& wire, wire_form form, std::string_view body, std::size_t step) {
  const auto reader = wire.read_answer(form);
  for (std::size_t at = 0; at < body.size(); at += step) reader->feed(body.substr(at, step));
  auto judged = reader->finish();
  if (reader->whole() != body.size()) std::abort();
  return judged;
}

void check_answer(const provider::endpoint_row& row, wire_form form, std::string_view body) {
  const dialect& wire = row.wire;
  const auto at_once = read_by_steps(wire, form, body, body.size() + 1);
  const auto cut = read_by_steps(wire, form, body, 3);
  if (cut.why_not != at_once.why_not || cut.usage != at_once.usage || cut.marks != at_once.marks) std::abort();

  for (const auto other : forms_of(row)) {
    if (other == form) continue;
    const auto turned = wire.render({.form = form, .body = body, .marks = at_once.marks}, other, true);
    if (!turned || at_once.why_not != entry::refusal::none) continue;
    const auto judged = read_by_steps(wire, other, turned->body, turned->body.size() + 1);
    if (judged.why_not != entry::refusal::none) std::abort();
  }
}

/// Taking a batch apart and putting it together never crashes; what was taken apart goes together again.
void check_batch(const provider::endpoint_row& row, std::string_view input) {
  const auto* const batch = row.wire.as_batch();
  if (batch == nullptr) return;
  const provider::request_view request{.path = row.path, .query = {}, .body = input};
  if (row.wire.read(request).why_not == entry::refusal::none) {
    const std::size_t first = 0;
    if (batch->items(request).empty()) std::abort();
    const auto asked = batch->ask_for(input, {&first, 1});
    if (row.wire.read({.path = row.path, .query = {}, .body = asked}).why_not != entry::refusal::none) std::abort();
  }
  for (std::size_t count = 1; count < 4; ++count) {
    const auto parts = batch->take_apart(input, count);
    if (!parts) continue;
    const std::vector<std::string_view> items(parts->begin(), parts->end());
    if (items.size() != count || !batch->put_together(request, items, {})) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const auto rows = provider::endpoints();
  const auto& row = rows[bytes[0] % rows.size()];
  const std::string_view input{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  check_request(row, input);
  for (const auto form : forms_of(row)) check_answer(row, form, input);
  check_batch(row, input);
  return 0;
}

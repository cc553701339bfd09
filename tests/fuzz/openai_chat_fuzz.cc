// Every endpoint's dialect with bytes that mean nothing. The first byte chooses the endpoint. Reading requests and
// answers never crashes; a request that could be read is forwarded as one whose facts are the same but for the
// splices; what is stored does not depend on cuts, and what is rendered from it is an answer too.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "provider/registry.h"

using namespace refrain;
using entry::wire_form;
using provider::dialect;

namespace {

/// For the endpoints that take forms; the others do not look at it.
constexpr std::string_view form_type = "multipart/form-data; boundary=edge";

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

void check_answer(const dialect& wire, wire_form form, std::string_view body) {
  const auto at_once = read_by_steps(wire, form, body, body.size() + 1);
  const auto cut = read_by_steps(wire, form, body, 3);
  if (cut.why_not != at_once.why_not || cut.usage != at_once.usage || cut.marks != at_once.marks) std::abort();

  const auto other = form == wire_form::plain ? wire_form::stream : wire_form::plain;
  const auto turned = wire.render({.form = form, .body = body, .marks = at_once.marks}, other, true);
  if (!turned || at_once.why_not != entry::refusal::none) return;
  const auto judged = read_by_steps(wire, other, turned->body, turned->body.size() + 1);
  if (judged.why_not != entry::refusal::none) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const auto rows = provider::endpoints();
  const auto& row = rows[bytes[0] % rows.size()];
  const std::string_view input{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  check_request(row, input);
  check_answer(row.wire, wire_form::plain, input);
  check_answer(row.wire, wire_form::stream, input);
  return 0;
}

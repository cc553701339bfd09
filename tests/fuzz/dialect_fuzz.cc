// One dialect with bytes that mean nothing: the one that the program's name says, so `anthropic_messages_fuzz` is a
// link to this program. Reading requests and answers never crashes; a request that could be read is forwarded as one
// whose facts are the same but for the splices; what is stored does not depend on cuts, and what is rendered from it is
// an answer too.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "provider/registry.h"
#include "provider/rules/batch.h"

using namespace refrain;
using entry::wire_form;
using provider::dialect;

namespace {

/// The paths to the dialect under test.
std::vector<const provider::endpoint_row*> rows;

std::string folder_name(const provider::endpoint_row& row) {
  std::string name = std::string{row.family} + "_" + std::string{row.name};
  std::ranges::replace(name, '.', '_');
  return name;
}

/// A request whose query stands before its body as `?query` and a line feed, and whose boundary, where it is a form, is
/// its first line.
provider::request_view request_of(const provider::endpoint_row& row, std::string_view input,
                                  std::string& content_type) {
  provider::request_view request{.path = row.path, .query = {}, .body = input};
  if (const auto end = input.find('\n'); input.starts_with('?') && end != std::string_view::npos) {
    request.query = input.substr(1, end - 1);
    request.body.remove_prefix(end + 1);
  }
  if (request.body.starts_with("--")) {
    content_type = "multipart/form-data; boundary=";
    content_type += request.body.substr(2, std::min(request.body.find("\r\n"), std::size_t{72}) - 2);
  }
  request.content_type = content_type;
  return request;
}

/// The forms that an endpoint's dialect may meet.
std::span<const wire_form> forms_of(const provider::endpoint_row& row) {
  static constexpr std::array usual{wire_form::plain, wire_form::stream};
  static constexpr std::array gemini{wire_form::plain, wire_form::stream, wire_form::array};
  static constexpr std::array speech{wire_form::plain, wire_form::stream, wire_form::timed, wire_form::timed_stream};
  if (row.type == entry::cache_type::tts) return speech;
  return row.family == "gemini" ? std::span<const wire_form>{gemini} : usual;
}

void check_request(const provider::endpoint_row& row, std::string_view input) {
  std::string content_type;
  auto request = request_of(row, input, content_type);
  const auto known = row.wire.read(request);
  const auto body = request.body;
  for (const bool ask_usage : {false, true}) {
    const auto forwarded = row.wire.forward_body(body, known, ask_usage);
    if (known.why_not != entry::uncacheable_reason::none) continue;
    request.body = forwarded;
    const auto again = row.wire.read(request);
    if (again.why_not != known.why_not || again.content != known.content || again.directives.present) std::abort();
  }
}

provider::verdict read_by_steps(const dialect& wire, wire_form form, std::string_view body, std::size_t step) {
  const auto reader = wire.read_answer(form);
  for (std::size_t at = 0; at < body.size(); at += step) reader->feed(body.substr(at, step));
  auto judged = reader->finish(body);
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
    if (!turned || at_once.why_not != entry::uncacheable_reason::none) continue;
    const auto judged = read_by_steps(wire, other, turned->body, turned->body.size() + 1);
    if (judged.why_not != entry::uncacheable_reason::none) std::abort();
  }
}

/// Taking a batch apart and putting it together never crashes; the parts of a good answer go together again.
void check_batch(const provider::endpoint_row& row, std::string_view input) {
  const auto* const batch = row.wire.as_batch();
  if (batch == nullptr) return;
  const provider::request_view request{.path = row.path, .query = {}, .body = input};
  const auto read = row.wire.read(request);
  if (read.why_not == entry::uncacheable_reason::none && !read.list.items.empty()) {
    const std::size_t first = 0;
    const auto asked = batch->ask_for(read, input, {&first, 1});
    if (row.wire.read({.path = row.path, .query = {}, .body = asked}).why_not != entry::uncacheable_reason::none)
      std::abort();
  }
  const auto judged = read_by_steps(row.wire, wire_form::plain, input, input.size() + 1);
  for (std::size_t count = 1; count < 4; ++count) {
    const auto parts = batch->take_apart(input, count);
    if (!parts) continue;
    const std::vector<std::string_view> items(parts->begin(), parts->end());
    const bool together = batch->put_together(read.list, items, {}).has_value();
    if (items.size() != count || (judged.why_not == entry::uncacheable_reason::none && !together)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(const int* /*argc*/, const char* const* const* argv) {
  const auto program = std::filesystem::path{**argv}.filename().string();
  for (const auto& row : provider::endpoints()) {
    if (folder_name(row) + "_fuzz" == program) rows.push_back(&row);
  }
  if (rows.empty()) {
    std::fprintf(stderr, "%s: no dialect has this name; run a link such as openai_chat_completions_fuzz\n",
                 program.c_str());
    std::exit(1);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  for (const auto* row : rows) {
    check_request(*row, input);
    for (const auto form : forms_of(*row)) check_answer(*row, form, input);
    check_batch(*row, input);
  }
  return 0;
}

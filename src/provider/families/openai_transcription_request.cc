#include "provider/families/openai_transcription_request.h"

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "provider/rules/multipart.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

constexpr std::size_t query_bytes = 200;

using parts = std::vector<multipart_part>;

std::ptrdiff_t count_of(const parts& all, std::string_view name) {
  return std::ranges::count(all, name, &multipart_part::name);
}

/// The text of a field; empty where there is none.
std::string_view text_of(const parts& all, std::string_view name) {
  const auto at = std::ranges::find(all, name, &multipart_part::name);
  return at == all.end() || at->is_file ? std::string_view{} : at->bytes;
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

bool read_form(const parts& all, entry::parsed_request& parsed) {
  const auto stream = text_of(all, "stream");
  if (stream == "true") parsed.form = entry::wire_form::stream;
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
    if (first->name != left_out) {
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
  if (model.empty() || count_of(all, "file") == 0 || !is_utf8(model) || !is_utf8(prompt))
    return uncacheable_reason::malformed_body;
  if (!read_form(all, parsed)) return uncacheable_reason::malformed_body;
  parsed.model = model;
  parsed.query = base::shorten(prompt, query_bytes);
  const auto format = text_of(all, "response_format");
  const bool one_entry_for_both_forms = format == "json" || count_of(all, "response_format") == 0;
  digest_parts(all, one_entry_for_both_forms ? "stream" : "", parsed);
  return uncacheable_reason::none;
}

}  // namespace

entry::parsed_request read_openai_transcription_request(const request_view& request) {
  entry::parsed_request parsed;
  parsed.group = "openai";
  const auto all = read_multipart(request.content_type, request.body);
  parsed.why_not = all ? read_parts(*all, parsed) : uncacheable_reason::malformed_body;
  return parsed;
}

}  // namespace refrain::provider

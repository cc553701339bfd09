#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>

#include "provider/rules/dialect.h"
#include "provider/rules/json_request.h"

namespace refrain::provider {

/// What an endpoint is that takes a JSON object and answers with one which holds a list of results.
struct plain_json_rules {
  std::string_view group;  ///< middle of an entry's visible name, see entry_id
  std::span<const unkeyed_member> denylist;
  std::array<std::string_view, 2> needs;  ///< members without which a request is none of this endpoint
  std::string_view shown;                 ///< the member whose text people are shown
  std::string_view results;               ///< the answer's member that holds the list; not empty in a good one
  /// What is wrong with one of the results.
  uncacheable_reason (*judge_result)(const canonical_value& result);
  /// Where not empty, the endpoint streams on `stream: true`, and a stream's last event has this `type` and is a result
  /// itself. The two forms do not hold the same, so `stream` must then not be on the denylist.
  std::string_view final_event{};
};

/// Such an endpoint's request, and its answers; the rules must outlive the reader.
[[nodiscard]] entry::parsed_request read_plain_json(const request_view& request, const plain_json_rules& rules);
[[nodiscard]] std::unique_ptr<answer_reader> read_plain_json_answer(wire_form form, const plain_json_rules& rules);

/// Such an endpoint.
template <const plain_json_rules& Rules>
constexpr dialect plain_json{{
    .read = [](const request_view& request) { return read_plain_json(request, Rules); },
    .read_answer = [](wire_form form) { return read_plain_json_answer(form, Rules); },
    .kept_headers = openai_kept_headers,
}};

}  // namespace refrain::provider

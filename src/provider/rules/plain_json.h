#pragma once

#include <array>
#include <span>
#include <string_view>

#include "provider/rules/endpoint.h"
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

/// Such an endpoint.
class plain_json final : public endpoint {
 public:
  explicit constexpr plain_json(const plain_json_rules& rules) noexcept
      : endpoint({.kept_headers = openai_kept_headers}), rules_(rules) {}

  [[nodiscard]] entry::parsed_request read(const request_view& request) const override;
  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form form) const override;

 private:
  plain_json_rules rules_;
};

}  // namespace refrain::provider

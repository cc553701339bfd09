#include "mock/anthropic.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "mock/openai.h"

namespace refrain::mock::anthropic {
namespace {

namespace json = boost::json;

struct error_type {
  unsigned status;
  std::string_view name;
};

constexpr std::array error_types{
    error_type{401, "authentication_error"}, error_type{402, "billing_error"},     error_type{403, "permission_error"},
    error_type{404, "not_found_error"},      error_type{413, "request_too_large"}, error_type{429, "rate_limit_error"},
    error_type{504, "timeout_error"},        error_type{529, "overloaded_error"},
};

std::string_view type_of(unsigned status) {
  const auto* const known = std::ranges::find(error_types, status, &error_type::status);
  if (known != error_types.end()) return known->name;
  return status >= 500 ? "api_error" : "invalid_request_error";
}

std::string request_id(const call& asked) { return fmt::format("req_{}", asked.unique()); }

}  // namespace

answer refuse(const call& asked, const refusal& why) {
  answer reply{.status = why.status, .headers = provider_headers(asked)};
  const json::object error{{"type", "error"},
                           {"error", {{"type", type_of(why.status)}, {"message", why.message}}},
                           {"request_id", request_id(asked)}};
  reply.pieces.push_back(json::serialize(error));
  return reply;
}

std::string_view credential(const call& asked) {
  const auto key = asked.field("x-api-key");
  return key.empty() ? openai::credential(asked) : key;
}

std::vector<header> provider_headers(const call& asked) {
  return {{"anthropic-organization-id", "mock-organization"},
          {"anthropic-ratelimit-requests-limit", "4000"},
          {"anthropic-ratelimit-requests-remaining", fmt::to_string(3999 - asked.number % 1000)},
          {"request-id", request_id(asked)},
          {"set-cookie", fmt::format("mock_session={}; path=/; HttpOnly", asked.unique())}};
}

}  // namespace refrain::mock::anthropic

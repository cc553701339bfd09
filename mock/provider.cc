#include "mock/provider.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "mock/renderer.h"

namespace refrain::mock {
namespace {

/// What a table of `by_status` has for a status: its own row, or that of its class; null where it has none.
const json::value* row_for(const json::object& table, unsigned status) {
  if (const auto* own = table.if_contains(fmt::to_string(status))) return own;
  const auto* server_side = status >= 500 ? table.if_contains("5xx") : nullptr;
  return server_side != nullptr ? server_side : table.if_contains("else");
}

}  // namespace

answer provider::refuse(const call& asked, const refusal& why) const {
  const renderer render(*this, asked);
  json::object values{{"status", why.status}, {"message", why.message}};
  if (!why.param.empty()) values["param"] = why.param;
  if (!why.code.empty()) values["code"] = why.code;
  if (const auto* tables = render.find("by_status")) {
    for (const auto& [word, table] : tables->as_object()) {
      if (const auto* row = row_for(table.as_object(), why.status)) values[word] = *row;
    }
  }
  const auto own = fmt::format("error.{}", why.status);
  auto body = render.fill(render.find(own) != nullptr ? own : "error", values);
  if (lists_errors != nullptr && lists_errors(asked)) body = json::array{std::move(body)};
  return {.status = why.status,
          .content_type = std::string(json_type),
          .headers = render.headers(render.find("error.headers") != nullptr ? "error.headers" : "headers"),
          .pieces = {json::serialize(body)}};
}

std::string provider::credential(const call& asked) const {
  constexpr std::string_view scheme = "Authorization: ";
  for (const auto place : keys) {
    std::string shown;
    if (place.starts_with('?')) {
      shown = asked.parameter(place.substr(1)).value_or("");
    } else if (place.starts_with(scheme)) {
      shown = asked.authorization(place.substr(scheme.size()));
    } else {
      shown = asked.field(place);
    }
    if (!shown.empty()) return shown;
  }
  return {};
}

}  // namespace refrain::mock

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "admin/parameters.h"
#include "admin/reply.h"
#include "admin/view.h"
#include "base/bytes.h"
#include "base/result.h"
#include "net/async.h"

namespace refrain::admin {

/// One call of the API, as its handler sees it.
struct api_call {
  std::string name;  ///< what stands for `{name}` in the route's path, decoded
  parameters query;
  std::string body;
};

using handled = net::task<base::result<reply>>;
/// `gateway` outlives the task.
using handler = handled (*)(const view& gateway, api_call call);

struct route {
  std::string_view method;
  std::string_view path;  ///< may end in `{name}`
  handler answer = nullptr;
  std::string_view meaning;                               ///< one line, as docs/reference/admin-api.md has it
  base::byte_count most_body = base::operator""_KiB(64);  ///< of the request
  bool is_open = false;                                   ///< whether it is answered without the token
};

/// Every route of the API.
[[nodiscard]] std::span<const route> routes() noexcept;

/// Runs a call: what the listener does once a request has come in, and what commands do with a store of their own.
/// `target` is a path with its query. HEAD is answered as GET. Errors: unknown_route, method_not_allowed, and those of
/// the handlers: bad_usage, malformed_request, not_found, the store's.
[[nodiscard]] handled perform(const view& gateway, std::string method, std::string target, std::string body);

/// The row that answers such a call; nullptr where there is none.
[[nodiscard]] const route* find_route(std::string_view method, std::string_view target) noexcept;

/// The methods that a target takes, as the Allow header lists them; empty for none.
[[nodiscard]] std::string allowed_methods(std::string_view target);

// The handlers. docs/reference/admin-api.md says what they take and give.
handled show_front_page(const view& gateway, api_call call);
handled show_health(const view& gateway, api_call call);
handled show_stats(const view& gateway, api_call call);
handled list_entries(const view& gateway, api_call call);
handled show_entry(const view& gateway, api_call call);
handled delete_entry(const view& gateway, api_call call);
handled purge_entries(const view& gateway, api_call call);
handled export_entry(const view& gateway, api_call call);
handled import_entries(const view& gateway, api_call call);
handled show_config(const view& gateway, api_call call);
handled show_semantic(const view& gateway, api_call call);
handled take_feedback(const view& gateway, api_call call);

}  // namespace refrain::admin

#include <boost/json/parse.hpp>

#include "admin/filter.h"
#include "admin/json_forms.h"
#include "admin/routes.h"
#include "admin/tenant_names.h"

namespace refrain::admin {
namespace {

namespace json = boost::json;
using base::errc;
using base::fail;

base::result<json::object> read_object(const std::string& body) {
  json::error_code fault;
  auto parsed = json::parse(body, fault);
  if (fault || !parsed.is_object()) return fail(errc::malformed_request, "the body is no JSON object");
  return std::move(parsed.as_object());
}

base::result<void> narrow_by_member(entry::selector& into, std::string_view name, const json::value& value,
                                    base::sys_seconds now) {
  if (name == "text") return fail(errc::bad_usage, "text: only listings search for texts");
  if (name == "older_than" && value.is_int64()) return narrow(into, name, std::to_string(value.get_int64()), now);
  if (value.is_string()) return narrow(into, name, std::string_view{value.get_string()}, now);
  return fail(errc::bad_usage, std::string(name) + ": give a string");
}

/// The entries that are to go. Whoever means all of them has to say so: a filter that was forgotten must not empty the
/// cache.
base::result<entry::selector> selector_of(const json::object& body, base::sys_seconds now) {
  entry::selector chosen;
  bool all = false;
  for (const auto& [name, value] : body) {
    if (name == "all") {
      if (!value.is_bool()) return fail(errc::bad_usage, "all: give true or false");
      all = value.get_bool();
      continue;
    }
    TRY(narrow_by_member(chosen, std::string_view{name}, value, now));
  }
  const bool open = chosen == entry::selector{};
  if (open && !all) return fail(errc::bad_usage, R"(name the entries to purge, or say {"all":true})");
  if (!open && all) return fail(errc::bad_usage, "all: leave it out where a filter is given");
  return chosen;
}

}  // namespace

handled purge_entries(const view& gateway, api_call call) {
  const auto body = read_object(call.body);
  if (!body) co_return fail(body.error());
  auto selector = selector_of(*body, gateway.clock.seconds());
  if (selector) selector = co_await know_tenant(gateway, *std::move(selector));
  if (!selector) co_return fail(std::move(selector).error());
  const auto done = co_await gateway.store.catalogue().purge(std::move(*selector));
  if (!done) co_return fail(done.error());
  const json::object form{{"number", done->number}, {"removed", done->removed}};
  co_return json_reply(form);
}

}  // namespace refrain::admin

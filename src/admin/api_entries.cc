#include <boost/json/array.hpp>
#include <optional>

#include "admin/filter.h"
#include "admin/json_forms.h"
#include "admin/routes.h"
#include "admin/tenant_names.h"
#include "base/base64.h"
#include "base/utf8.h"

namespace refrain::admin {
namespace {

namespace json = boost::json;
using base::errc;
using base::fail;

constexpr std::int64_t usual_limit = 100;
constexpr std::int64_t most_limit = 1000;

/// Every parameter but those of paging narrows the listing.
base::result<entry::selector> selector_of(const parameters& query, base::sys_seconds now) {
  entry::selector chosen;
  for (const auto& [name, text] : query.all()) {
    if (name == "limit" || name == "cursor") continue;
    TRY(narrow(chosen, name, text, now));
  }
  return chosen;
}

json::value count_form(const std::optional<std::uint64_t>& count) {
  return count ? json::value(*count) : json::value(nullptr);
}

void add_body(json::object& form, const entry::entry& found) {
  const auto body = found.whole_body();
  const bool is_text = base::is_utf8(body);
  form["body_encoding"] = is_text ? "utf-8" : "base64";
  form["body"] = is_text ? body : base::base64_encode(body);
}

json::object full_form(const entry::entry& found, base::sys_seconds now) {
  const auto& about = found.about;
  auto form = form_of(about, now);
  json::array headers;
  for (const auto& [name, value] : about.headers) headers.push_back(json::array{text_form(name), text_form(value)});
  form["content_type"] = text_form(about.content_type);
  form["headers"] = std::move(headers);
  form["usage"] = {{"input", count_form(about.usage.input)},
                   {"cached_input", count_form(about.usage.cached_input)},
                   {"output", count_form(about.usage.output)},
                   {"characters", count_form(about.usage.characters)}};
  form["fill"] = text_form(about.fill);
  form["purge_number"] = about.purge_number;
  add_body(form, found);
  return form;
}

std::unexpected<base::error> no_such_entry() { return fail(errc::not_found, "there is no entry of this name"); }

}  // namespace

handled list_entries(const view& gateway, api_call call) {
  const auto now = gateway.clock.seconds();
  const auto limit = call.query.number("limit", usual_limit, 1, most_limit);
  if (!limit) co_return fail(limit.error());
  auto selector = selector_of(call.query, now);
  if (!selector) co_return fail(std::move(selector).error());
  name_tenant(gateway.configuration()->values, *selector);
  std::string cursor{call.query.find("cursor").value_or("")};
  const auto page = co_await gateway.store.catalogue().list(std::move(*selector), std::move(cursor),
                                                            static_cast<std::size_t>(*limit));
  if (!page) co_return fail(page.error());

  json::array rows;
  for (const auto& about : page->entries) rows.emplace_back(form_of(about, now));
  json::object form{{"next", nullptr}};
  form["entries"] = std::move(rows);
  if (!page->next.empty()) form["next"] = text_form(page->next);
  co_return json_reply(form);
}

handled show_entry(const view& gateway, api_call call) {
  const auto found = co_await gateway.store.catalogue().find(std::move(call.name));
  if (!found) co_return fail(found.error());
  if (*found == nullptr) co_return no_such_entry();
  co_return json_reply(full_form(**found, gateway.clock.seconds()));
}

handled delete_entry(const view& gateway, api_call call) {
  const auto removed = co_await gateway.store.catalogue().erase(std::move(call.name));
  if (!removed) co_return fail(removed.error());
  if (!*removed) co_return no_such_entry();
  co_return json_reply({{"removed", true}});
}

}  // namespace refrain::admin

#include "admin/tenant_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"

namespace refrain::admin {
namespace {

/// No more labels are told, and so many entries are looked at for them.
constexpr std::size_t most_told = 20;
constexpr std::size_t looked_at = 1000;

std::string label_of(std::string_view tenant) { return fmt::format("client {}", tenant); }

std::set<std::string> configured_tenants(const config::settings& known) {
  std::set<std::string> names;
  for (const auto& [name, client] : known.clients) names.insert(client.tenant.empty() ? name : client.tenant);
  return names;
}

bool is_configured(const config::settings& known, std::string_view label) {
  for (const auto& name : configured_tenants(known)) {
    if (label_of(name) == label) return true;
  }
  return false;
}

/// Whether an entry is this tenant's; nothing where the store cannot say.
net::task<std::optional<bool>> has_entries(const view& gateway, std::string tenant) {
  const entry::selector wanted{.tenant = std::move(tenant)};
  std::string cursor;
  do {
    auto page = co_await gateway.store.catalogue().list(wanted, std::move(cursor), 1);
    if (!page) co_return std::nullopt;
    if (!page->entries.empty()) co_return true;
    cursor = std::move(page->next);
  } while (!cursor.empty());
  co_return false;
}

net::task<base::error> unknown_tenant(const view& gateway, std::string tenant) {
  auto known = configured_tenants(gateway.configuration()->values);
  const entry::selector all;
  const auto page = co_await gateway.store.catalogue().list(all, std::string{}, looked_at);
  if (page) {
    for (const auto& one : page->entries) {
      if (!is_configured(gateway.configuration()->values, one.tenant_label)) known.insert(one.tenant_label);
    }
  }
  std::vector<std::string> told;
  for (const auto& one : known) {
    if (told.size() < most_told) told.push_back(base::shorten(one, 60));
  }
  auto list = told.empty() ? std::string{"there is none as yet"} : fmt::format("known are {}", fmt::join(told, ", "));
  if (known.size() > told.size()) list += fmt::format(" and {} more", known.size() - told.size());
  co_return base::error{
      .code = base::errc::bad_usage,
      .context = fmt::format("tenant: there is no '{}'; {}", base::shorten(tenant, 60), std::move(list))};
}

}  // namespace

void name_tenant(const config::settings& known, entry::selector& chosen) {
  if (configured_tenants(known).contains(chosen.tenant)) chosen.tenant = label_of(chosen.tenant);
}

net::task<base::result<entry::selector>> know_tenant(const view& gateway, entry::selector chosen) {
  if (chosen.tenant.empty()) co_return chosen;
  const auto configuration = gateway.configuration();
  name_tenant(configuration->values, chosen);
  if (is_configured(configuration->values, chosen.tenant)) co_return chosen;
  const auto as_given = co_await has_entries(gateway, chosen.tenant);
  if (as_given.value_or(true)) co_return chosen;
  // Of a client that is configured no more.
  const auto as_client = co_await has_entries(gateway, label_of(chosen.tenant));
  if (as_client.value_or(false)) {
    chosen.tenant = label_of(chosen.tenant);
    co_return chosen;
  }
  auto why = co_await unknown_tenant(gateway, chosen.tenant);
  co_return base::fail(std::move(why));
}

}  // namespace refrain::admin

#include "gateway/sources/upstream_request.h"

#include <fmt/format.h>

#include <random>
#include <utility>

#include "gateway/sources/request_head.h"

namespace refrain::gateway {
namespace {

/// Unlike any other of this process and its like: 16 hex digits.
std::string make_fill_id() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return fmt::format("{:016x}", random());
}

/// The bytes that go upstream. A body that goes as it came is shared with all requests that carry the same one.
std::shared_ptr<const std::string> body_of(const ask& what, std::string forwarded) {
  if (what.body_owner && *what.body_owner == forwarded) return what.body_owner;
  return std::make_shared<const std::string>(std::move(forwarded));
}

std::shared_ptr<upstream_request> make(const ask& what, parts& shared, std::string body,
                                       std::shared_ptr<cache::fill> fill, entry::meta about) {
  auto made = std::make_shared<upstream_request>();
  made->at = what.at;
  made->to = what.where.to;
  made->endpoint = what.where.endpoint;
  made->store = what.plan.store;
  made->why_not = what.plan.why_not;
  made->asked = what.plan.asked;
  made->client = what.who->client;
  made->about = std::move(about);
  made->fill = std::move(fill);
  made->body = body_of(what, std::move(body));
  const outgoing how{.method = "POST",
                     .path = what.where.path,
                     .query = what.where.query,
                     .length = made->body->size(),
                     .cached_endpoint = true};
  made->head = write_head(*made->to, how, what.head->fields, *what.who, shared.via);
  return made;
}

}  // namespace

std::shared_ptr<cache::fill> make_fill(const ask& what, parts& shared, std::size_t item) {
  auto fill = std::make_shared<cache::fill>();
  fill->id = make_fill_id();
  fill->key = what.items[item].id.digest;
  fill->form = what.list != nullptr ? entry::wire_form::plain : what.request->form;
  fill->usage_asked = what.request->wants_usage || asks_for_usage(what);
  fill->purge_number = shared.purges.current();
  fill->credential = what.who->account;
  // A plain answer is read once it is whole, for its usage if not for its entry.
  const bool keep = what.plan.store || fill->form == entry::wire_form::plain;
  fill->recording = std::make_shared<entry::recording>(shared.budget, what.at->settings.cache.max_entry.value, keep);
  return fill;
}

entry::meta describe(const ask& what, const cache::fill& fill, std::size_t item) {
  const auto* const listed = what.list != nullptr ? &what.request->list.items[item] : nullptr;
  return {.id = what.items[item].id,
          .ttl = what.plan.ttl,
          .purge_number = fill.purge_number,
          .fill = fill.id,
          .upstream = what.where.to->name,
          .endpoint = std::string(what.where.endpoint->name),
          .model = what.request->model,
          .level = std::string(to_string(what.plan.level)),
          .tenant_label = what.tenant.label,
          .name_space = what.directives.name_space,
          .tags = what.directives.tags,
          .query = listed ? listed->query : what.request->query,
          .form = fill.form,
          .usage_asked = fill.usage_asked,
          .usage = {.characters = listed ? listed->characters : what.request->characters},
          .fields = what.request->fields};
}

std::shared_ptr<upstream_request> make_request(const ask& what, parts& shared, std::shared_ptr<cache::fill> fill) {
  auto about = describe(what, *fill, 0);
  return make(what, shared, what.wire().forward_body(what.body, *what.request, asks_for_usage(what)), std::move(fill),
              std::move(about));
}

std::shared_ptr<upstream_request> make_list_request(const ask& what, parts& shared, std::span<const std::size_t> wanted,
                                                    std::span<const std::shared_ptr<cache::fill>> fills) {
  auto whole = make_fill(what, shared, wanted.front());
  // Its parts are what the entry cap is for; the whole is bounded by what all recordings share.
  whole->recording = std::make_shared<entry::recording>(shared.budget, what.at->settings.fill.max_bytes.value, true);
  auto about = describe(what, *whole, wanted.front());
  std::vector<item_fill> items;
  std::uint64_t characters = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& one = what.request->list.items[wanted[i]];
    characters += one.characters.value_or(0);
    items.push_back({.about = describe(what, *fills[i], wanted[i]), .fill = fills[i], .weight = one.weight});
  }
  about.usage.characters = what.request->characters ? std::optional{characters} : std::nullopt;
  auto made =
      make(what, shared, what.list->ask_for(*what.request, what.body, wanted), std::move(whole), std::move(about));
  made->items = std::move(items);
  made->count = wanted.size();
  return made;
}

}  // namespace refrain::gateway

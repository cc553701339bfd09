#include "gateway/sources/upstream_request.h"

#include <utility>

#include "base/random.h"
#include "cache/policy.h"
#include "gateway/sources/request_head.h"

namespace refrain::gateway {
namespace {

/// The bytes that go upstream. A body that goes as it came is shared with all requests that carry the same one.
std::shared_ptr<const std::string> body_of(const ask& request, std::string forwarded) {
  if (request.body_owner && *request.body_owner == forwarded) return request.body_owner;
  return std::make_shared<const std::string>(std::move(forwarded));
}

std::shared_ptr<upstream_request> make(const ask& request, parts& shared, std::string body,
                                       std::shared_ptr<cache::fill> fill, entry::meta about) {
  auto made = std::make_shared<upstream_request>();
  made->at = request.at;
  made->to = request.where.to;
  made->endpoint = request.where.endpoint;
  made->store = request.plan.store;
  made->why_not = request.plan.why_not;
  made->asked = request.plan.asked;
  made->client = request.who->client;
  made->parsed = request.parsed;
  made->about = std::move(about);
  made->fill = std::move(fill);
  made->body = body_of(request, std::move(body));
  const outgoing how{.method = "POST",
                     .path = request.where.path,
                     .query = request.where.query,
                     .length = made->body->size(),
                     .cached_endpoint = true,
                     .clients = &request.at->settings.clients};
  made->head = write_head(*made->to, how, request.head->fields, *request.who, shared.via);
  return made;
}

}  // namespace

std::shared_ptr<cache::fill> make_fill(const ask& request, parts& shared, std::size_t item) {
  auto fill = std::make_shared<cache::fill>();
  fill->id = base::random_hex(8);
  fill->key = request.items[item].id.digest;
  fill->form = request.list != nullptr ? entry::wire_form::plain : request.parsed->form;
  fill->usage_asked = request.parsed->wants_usage || asks_for_usage(request);
  fill->purge_number = shared.purges.current();
  fill->credential = request.who->account;
  // A plain answer is read once it is whole, for its usage if not for its entry.
  const bool keep = request.plan.store || fill->form == entry::wire_form::plain;
  fill->recording = std::make_shared<entry::recording>(shared.budget, request.at->settings.cache.max_entry.value, keep);
  return fill;
}

entry::meta describe(const ask& request, const cache::fill& fill, std::size_t item) {
  const auto* const listed = request.list != nullptr ? &request.parsed->list.items[item] : nullptr;
  return {.id = request.items[item].id,
          .ttl = request.plan.ttl,
          .purge_number = fill.purge_number,
          .fill = fill.id,
          .upstream = request.where.to->name,
          .endpoint = std::string(request.where.endpoint->name),
          .model = request.parsed->model,
          .level = std::string(to_string(request.plan.level)),
          .tenant_label = request.tenant.label,
          .name_space = request.directives.name_space,
          .tags = request.directives.tags,
          .query = listed ? listed->query : request.parsed->query,
          .form = fill.form,
          .usage_asked = fill.usage_asked,
          .usage = {.characters = listed ? listed->characters : request.parsed->characters},
          .fields = request.parsed->fields};
}

void judge_finish(provider::verdict& judged, const site& at) {
  using enum entry::uncacheable_reason;
  // Where more is wrong than a finish that is not known, none is named.
  if (judged.why_not != none && judged.unknown_finishes.empty()) return;
  judged.why_not = cache::judge_finish(at.settings.cache,
                                       {.unknown = judged.unknown_finishes, .cut_at_length = judged.cut_at_length});
}

std::shared_ptr<upstream_request> make_request(const ask& request, parts& shared, std::shared_ptr<cache::fill> fill) {
  auto about = describe(request, *fill, 0);
  return make(request, shared, request.wire().forward_body(request.body, *request.parsed, asks_for_usage(request)),
              std::move(fill), std::move(about));
}

std::shared_ptr<upstream_request> make_list_request(const ask& request, parts& shared,
                                                    std::span<const std::size_t> wanted,
                                                    std::span<const std::shared_ptr<cache::fill>> fills) {
  auto whole = make_fill(request, shared, wanted.front());
  // Its parts are what the entry cap is for; the whole is bounded by what all recordings share.
  whole->recording = std::make_shared<entry::recording>(shared.budget, request.at->settings.fill.max_bytes.value, true);
  auto about = describe(request, *whole, wanted.front());
  std::vector<item_fill> items;
  std::uint64_t characters = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& one = request.parsed->list.items[wanted[i]];
    characters += one.characters.value_or(0);
    items.push_back({.about = describe(request, *fills[i], wanted[i]), .fill = fills[i], .weight = one.weight});
  }
  about.usage.characters = request.parsed->characters ? std::optional{characters} : std::nullopt;
  auto made = make(request, shared, request.list->ask_for(*request.parsed, request.body, wanted), std::move(whole),
                   std::move(about));
  made->items = std::move(items);
  made->count = wanted.size();
  return made;
}

}  // namespace refrain::gateway

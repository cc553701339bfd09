#include "gateway/sources/foreign.h"

#include <algorithm>
#include <utility>

#include "gateway/sources/upstream_request.h"
#include "provider/litellm/key.h"
#include "provider/litellm/value.h"

namespace refrain::gateway {
namespace {

using std::chrono::seconds;

/// LiteLLM has let in whom it served. A credential that nobody has looked at yet is no such proof, where others than
/// the people of this machine may show one.
bool is_trusted(const ask& request) {
  const bool open = !request.at->beyond_loopback && !request.at->settings.asks_for_clients();
  return open || !request.who->client.empty();
}

std::vector<std::string> keys_for(const ask& request) {
  const auto& wanted = request.at->settings.store;
  return provider::litellm_keys(request.body, {.provider = wanted.litellm_provider,
                                               .name_space = wanted.litellm_namespace,
                                               .asked = request.directives.name_space});
}

/// How much longer it is good: as a fresh answer would be, where such a one is stored at all.
seconds life_of(const ask& request, const entry::foreign_value& value) {
  const auto most = request.plan.store ? request.plan.ttl : request.at->settings.cache.ttl_ceiling;
  return value.left ? std::min(most, std::chrono::floor<seconds>(*value.left)) : most;
}

/// No record may match it, however old: when a purge was made stands in no relation to when LiteLLM wrote.
bool is_purged(const parts& shared, entry::meta about) {
  about.purge_number = 0;
  return shared.purges.dead(about);
}

/// The entry that such a value makes; nullptr where it is no whole and good answer, or not for this request.
entry::entry_ptr take_over(const search& lookup, parts& shared, const entry::foreign_value& value) {
  const auto& request = lookup.request;
  auto answer = provider::read_litellm_value(value.bytes);
  if (!answer || answer->body.size() > request.at->settings.cache.max_entry.value) return nullptr;
  const auto reader = request.wire().read_answer(entry::wire_form::plain);
  reader->feed(answer->body);
  const auto judged = reader->finish(answer->body);
  if (judged.why_not != entry::uncacheable_reason::none) return nullptr;

  auto made = std::make_shared<entry::entry>();
  auto& about = made->about;
  const auto at = shared.clock.seconds();
  about = describe(request, *make_fill(request, shared, 0), 0);
  about.stored_at = std::min(answer->kept_at.value_or(at), at);
  if (about.stored_at < lookup.stored_at) return nullptr;
  about.ttl = at - about.stored_at + life_of(request, value);
  about.form = entry::wire_form::plain;
  about.usage_asked = true;
  about.content_type = "application/json";
  about.marks = judged.marks;
  about.usage = judged.usage;
  about.cost = shared.prices.cost(about.upstream, about.model, about.usage);
  about.size = answer->body.size();
  made->body.emplace_back(std::move(answer->body));
  return is_purged(shared, about) ? nullptr : made;
}

}  // namespace

bool foreign_source::applies(const search& lookup) const {
  const auto& request = lookup.request;
  const auto& endpoint = *request.where.endpoint;
  const auto& wanted = request.at->settings;
  if (!wanted.store.litellm || !request.plan.look_up || lookup.is_complete()) return false;
  if (endpoint.family != "openai" || endpoint.name != "chat.completions" || !is_trusted(request)) return false;
  const auto is_sent = [&](const std::string& name) { return request.head->find(name).has_value(); };
  return request.where.query.empty() && std::ranges::none_of(wanted.cache.key_headers, is_sent);
}

net::task<> foreign_source::find(search& lookup) {
  auto* const foreign = shared_.store.foreign();
  if (foreign == nullptr) co_return;
  auto keys = keys_for(lookup.request);
  if (keys.empty()) co_return;
  const auto values = co_await foreign->look(std::move(keys));
  for (const auto& value : values) {
    auto made = take_over(lookup, shared_, value);
    if (!made || !offer(lookup, shared_, 0, made, "litellm")) continue;
    if (lookup.request.plan.store) shared_.store.put(std::move(made));
    co_return;
  }
}

}  // namespace refrain::gateway

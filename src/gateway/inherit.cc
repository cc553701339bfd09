#include "gateway/inherit.h"

#include <algorithm>
#include <utility>

#include "gateway/deliver.h"
#include "gateway/errand.h"
#include "provider/litellm/key.h"
#include "provider/litellm/value.h"

namespace refrain::gateway {
namespace {

using std::chrono::seconds;

/// LiteLLM has let in whom it served. A credential that nobody has looked at yet is no such proof, where others than
/// the people of this machine may show one.
bool is_trusted(const transaction& now) { return !now.at->beyond_loopback || !now.who->client.empty(); }

std::vector<std::string> keys_for(const transaction& now) {
  const auto& wanted = now.at->settings.store;
  return provider::litellm_keys(
      now.body,
      {.provider = wanted.litellm_provider, .name_space = wanted.litellm_namespace, .asked = now.asked.name_space});
}

/// How much longer it is good: as a fresh answer would be, where such a one is stored at all.
seconds life_of(const transaction& now, const entry::foreign_value& value) {
  const auto most = now.plan.store ? now.plan.ttl : now.at->settings.cache.ttl_ceiling;
  return value.left ? std::min(most, std::chrono::floor<seconds>(*value.left)) : most;
}

/// No record may match it, however old: when a purge was made stands in no relation to when LiteLLM wrote.
bool is_purged(const parts& shared, entry::meta about) {
  about.purge_number = 0;
  return shared.purges.dead(about);
}

/// The entry that such a value makes; nullptr where it is no whole and good answer, or not for this request.
entry::entry_ptr take_over(const transaction& now, const parts& shared, const entry::foreign_value& value) {
  auto answer = provider::read_litellm_value(value.bytes);
  if (!answer || answer->body.size() > now.at->settings.cache.max_entry.value) return nullptr;
  const auto reader = now.where.endpoint->wire.read_answer(entry::wire_form::plain);
  reader->feed(answer->body);
  const auto judged = reader->finish();
  if (judged.why_not != entry::uncacheable_reason::none) return nullptr;

  auto made = std::make_shared<entry::entry>();
  auto& about = made->about;
  const auto at = shared.clock.seconds();
  about = describe(now, shared);
  about.stored_at = std::min(answer->kept_at.value_or(at), at);
  if (about.stored_at < now.found_from) return nullptr;
  about.ttl = at - about.stored_at + life_of(now, value);
  about.form = entry::wire_form::plain;
  about.usage_asked = true;
  about.content_type = "application/json";
  about.marks = judged.marks;
  about.usage = judged.usage;
  about.cost = shared.prices.cost(about.upstream, about.model, about.usage);
  about.size = answer->body.size();
  made->body.emplace_back(std::move(answer->body));
  return serves(now, *made, at) && !is_purged(shared, about) ? made : nullptr;
}

}  // namespace

bool may_inherit(const transaction& now) {
  const auto& endpoint = *now.where.endpoint;
  const auto& wanted = now.at->settings;
  if (!wanted.store.litellm || endpoint.family != "openai" || endpoint.name != "chat.completions") return false;
  if (!is_trusted(now)) return false;
  const auto is_sent = [&](const std::string& name) { return now.with.request().find(name).has_value(); };
  return now.where.query.empty() && std::ranges::none_of(wanted.cache.key_headers, is_sent);
}

net::task<entry::entry_ptr> inherit(const transaction& now, parts& shared) {
  auto* const shelf = shared.store.foreign();
  if (shelf == nullptr) co_return nullptr;
  auto keys = keys_for(now);
  if (keys.empty()) co_return nullptr;
  const auto found = co_await shelf->look(std::move(keys));
  for (const auto& value : found) {
    if (auto made = take_over(now, shared, value)) co_return made;
  }
  co_return nullptr;
}

}  // namespace refrain::gateway

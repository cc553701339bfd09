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
bool is_trusted(const ask& what) { return !what.at->beyond_loopback || !what.who->client.empty(); }

std::vector<std::string> keys_for(const ask& what) {
  const auto& wanted = what.at->settings.store;
  return provider::litellm_keys(what.body, {.provider = wanted.litellm_provider,
                                            .name_space = wanted.litellm_namespace,
                                            .asked = what.directives.name_space});
}

/// How much longer it is good: as a fresh answer would be, where such a one is stored at all.
seconds life_of(const ask& what, const entry::foreign_value& value) {
  const auto most = what.plan.store ? what.plan.ttl : what.at->settings.cache.ttl_ceiling;
  return value.left ? std::min(most, std::chrono::floor<seconds>(*value.left)) : most;
}

/// No record may match it, however old: when a purge was made stands in no relation to when LiteLLM wrote.
bool is_purged(const parts& shared, entry::meta about) {
  about.purge_number = 0;
  return shared.purges.dead(about);
}

/// The entry that such a value makes; nullptr where it is no whole and good answer, or not for this request.
entry::entry_ptr take_over(const search& of, parts& shared, const entry::foreign_value& value) {
  const auto& what = of.what;
  auto answer = provider::read_litellm_value(value.bytes);
  if (!answer || answer->body.size() > what.at->settings.cache.max_entry.value) return nullptr;
  const auto reader = what.wire().read_answer(entry::wire_form::plain);
  reader->feed(answer->body);
  const auto judged = reader->finish(answer->body);
  if (judged.why_not != entry::uncacheable_reason::none) return nullptr;

  auto made = std::make_shared<entry::entry>();
  auto& about = made->about;
  const auto at = shared.clock.seconds();
  about = describe(what, *make_fill(what, shared, 0), 0);
  about.stored_at = std::min(answer->kept_at.value_or(at), at);
  if (about.stored_at < of.stored_at) return nullptr;
  about.ttl = at - about.stored_at + life_of(what, value);
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

bool foreign_source::applies(const search& of) const {
  const auto& what = of.what;
  const auto& endpoint = *what.where.endpoint;
  const auto& wanted = what.at->settings;
  if (!wanted.store.litellm || !what.plan.look_up || of.is_complete()) return false;
  if (endpoint.family != "openai" || endpoint.name != "chat.completions" || !is_trusted(what)) return false;
  const auto is_sent = [&](const std::string& name) { return what.head->find(name).has_value(); };
  return what.where.query.empty() && std::ranges::none_of(wanted.cache.key_headers, is_sent);
}

net::task<> foreign_source::find(search& of) {
  auto* const foreign = shared_.store.foreign();
  if (foreign == nullptr) co_return;
  auto keys = keys_for(of.what);
  if (keys.empty()) co_return;
  const auto values = co_await foreign->look(std::move(keys));
  for (const auto& value : values) {
    auto made = take_over(of, shared_, value);
    if (!made || !offer(of, shared_, 0, made, "litellm")) continue;
    if (of.what.plan.store) shared_.store.put(std::move(made));
    co_return;
  }
}

}  // namespace refrain::gateway

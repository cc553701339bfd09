#include "gateway/sources/foreign.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/sources/upstream_request.h"
#include "net/gather.h"
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

/// Lists with more items that nobody has are not looked for: each is a handful of keys.
constexpr std::size_t most_items = 256;

/// The keys of each item that nobody has yet; none for the others.
std::vector<std::vector<std::string>> keys_for(const search& lookup) {
  const auto& request = lookup.request;
  const auto& wanted = request.at->settings.store;
  const provider::litellm_naming named{.provider = wanted.litellm_provider,
                                       .name_space = wanted.litellm_namespace,
                                       .asked = request.directives.name_space};
  if (request.list == nullptr) return {provider::litellm_keys(request.body, named)};
  if (lookup.missing().size() > most_items) return {};
  auto keys = provider::litellm_embedding_keys(request.body, named);
  if (keys.size() != request.items.size()) return {};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!lookup.is_missing(i)) keys[i].clear();
  }
  return keys;
}

net::task<std::vector<entry::foreign_value>> look(entry::foreign_cache& foreign, std::vector<std::string> keys) {
  if (keys.empty()) co_return std::vector<entry::foreign_value>{};
  co_return co_await foreign.look(std::move(keys));
}

/// What a value says, as an entry of ours: an item of a list is one as `batch` keeps it.
struct kept_answer {
  std::string body;
  std::optional<base::sys_seconds> kept_at;
  provider::verdict judged;
};

std::optional<kept_answer> read_answer(const ask& request, const entry::foreign_value& value) {
  auto answer = request.list != nullptr ? provider::read_litellm_embedding(value.bytes, request.parsed->model)
                                        : provider::read_litellm_value(value.bytes);
  if (!answer || answer->body.size() > request.at->settings.cache.max_entry.value) return std::nullopt;
  const auto reader = request.wire().read_answer(entry::wire_form::plain);
  reader->feed(answer->body);
  kept_answer made{.body = {}, .kept_at = answer->kept_at, .judged = reader->finish(answer->body)};
  judge_finish(made.judged, *request.at);
  if (made.judged.why_not != entry::uncacheable_reason::none) return std::nullopt;
  if (request.list != nullptr) {
    // In whatever form the vector is: who asks for none gets numbers, as of the provider.
    auto parts = request.list->take_apart(answer->body, 1, {.as_base64 = false});
    if (!parts) return std::nullopt;
    answer->body = std::move(parts->front());
    made.judged.usage.output = 0;
  }
  made.body = std::move(answer->body);
  return made;
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
entry::entry_ptr take_over(const search& lookup, parts& shared, std::size_t item, const entry::foreign_value& value) {
  const auto& request = lookup.request;
  auto answer = read_answer(request, value);
  if (!answer) return nullptr;

  auto made = std::make_shared<entry::entry>();
  auto& about = made->about;
  const auto at = shared.clock.seconds();
  about = describe(request, *make_fill(request, shared, item), item);
  about.stored_at = std::min(answer->kept_at.value_or(at), at);
  if (about.stored_at < lookup.slots[item].stored_at) return nullptr;
  about.ttl = at - about.stored_at + life_of(request, value);
  about.form = entry::wire_form::plain;
  about.usage_asked = true;
  about.content_type = "application/json";
  about.marks = answer->judged.marks;
  about.usage = answer->judged.usage;
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
  const bool is_known =
      endpoint.name == "chat.completions" || (endpoint.name == "embeddings" && request.list != nullptr);
  if (endpoint.family != "openai" || !is_known || !is_trusted(request)) return false;
  const auto is_sent = [&](const std::string& name) { return request.head->find(name).has_value(); };
  return request.where.query.empty() && std::ranges::none_of(wanted.cache.key_headers, is_sent);
}

net::task<> foreign_source::find(search& lookup) {
  auto* const foreign = shared_.store.foreign();
  if (foreign == nullptr) co_return;
  std::vector<net::task<std::vector<entry::foreign_value>>> questions;
  for (auto& keys : keys_for(lookup)) questions.push_back(look(*foreign, std::move(keys)));
  if (questions.empty()) co_return;
  const auto values = co_await net::gather(std::move(questions));
  for (std::size_t item = 0; item < values.size(); ++item) {
    for (const auto& value : values[item]) {
      auto made = take_over(lookup, shared_, item, value);
      if (!made || !offer(lookup, shared_, item, made, "litellm")) continue;
      if (lookup.request.plan.store) shared_.store.put(std::move(made));
      break;
    }
  }
}

}  // namespace refrain::gateway

#include "gateway/read.h"

namespace refrain::gateway {
namespace {

constexpr std::size_t most_remembered = 4096;

/// What the route allows, where the request does not say it itself.
void allow_stale(cache::directives& asked, const upstream& route) {
  using std::chrono::seconds;
  if (!asked.freshness.stale_while_revalidate && route.stale_while_revalidate > seconds{0}) {
    asked.freshness.stale_while_revalidate = route.stale_while_revalidate;
  }
  if (!asked.stale_if_error && route.stale_if_error > seconds{0}) asked.stale_if_error = route.stale_if_error;
}

}  // namespace

void request_reader::configure(const site& at) {
  make_key_ = std::make_unique<cache::key_maker>(shared_.digests, at.settings.cache.key_headers);
  upstreams_.clear();
  for (const auto& [name, one] : at.upstreams) {
    upstreams_[name] = cache::upstream_identity(name, at.settings.upstreams.at(name).base_url);
  }
}

base::result<void> request_reader::read(transaction& now) {
  now.known = parse(now);
  const auto& rules = now.at->settings.cache;
  const auto& head = now.with.request();
  auto asked = cache::read_directives(head.fields, now.known->directives, rules.honour_fetch_no_cache);
  if (!asked) return base::fail(asked.error());
  now.asked = std::move(*asked);
  allow_stale(now.asked, *now.where.to);
  now.plan = cache::decide(rules, now.where.endpoint->type, *now.known, now.asked);
  now.whose = now.asked.name_space.empty() ? now.who->whose
                                           : cache::tenant_for(*now.who, now.asked.name_space, shared_.digests);

  now.id.type = now.where.endpoint->type;
  now.id.tenant = now.whose.tag;
  now.id.group = now.known->group;
  now.id.suffix = now.known->suffix;
  now.id.digest = key_of(now, now.known->content);
  return {};
}

base::digest256 request_reader::key_of(const transaction& now, const base::digest256& content) const {
  const auto& user = now.known->user;
  return (*make_key_)({.upstream = upstreams_.at(now.where.to->name),
                       .endpoint = now.where.endpoint->name,
                       .path = now.known->target_in_content ? std::string_view{} : now.where.path,
                       .query = now.known->target_in_content ? std::string_view{} : now.where.query,
                       .content = content,
                       .tenant = now.whose.tag,
                       .name_space = now.asked.name_space,
                       .headers = now.with.request().fields,
                       .dialect_headers = now.where.endpoint->wire.key_headers(),
                       .user = now.at->settings.cache.key_user && user ? &*user : nullptr,
                       .account = now.known->bound_to_account ? &now.who->account : nullptr});
}

std::shared_ptr<const entry::parsed_request> request_reader::parse(const transaction& now) {
  const auto digest = base::sha256(now.body);
  const auto type = now.with.request().find("content-type").value_or("");
  if (const auto seen = memo_.find(digest); seen != memo_.end()) {
    const auto& what = seen->second;
    if (what.endpoint == now.where.endpoint && what.path == now.where.path && what.query == now.where.query &&
        what.content_type == type) {
      return what.known;
    }
  }
  const provider::request_view view{
      .path = now.where.path, .query = now.where.query, .body = now.body, .content_type = type};
  auto known = std::make_shared<const entry::parsed_request>(now.where.endpoint->wire.read(view));
  remember(digest,
           {now.where.endpoint, std::string(now.where.path), std::string(now.where.query), std::string(type), known});
  return known;
}

void request_reader::remember(const base::digest256& body, remembered what) {
  const auto [at, fresh] = memo_.insert_or_assign(body, std::move(what));
  if (!fresh) return;
  order_.push_back(body);
  if (order_.size() <= most_remembered) return;
  memo_.erase(order_.front());
  order_.pop_front();
}

}  // namespace refrain::gateway

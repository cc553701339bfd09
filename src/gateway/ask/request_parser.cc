#include "gateway/ask/request_parser.h"

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

void request_parser::configure(const site& at) {
  make_key_ = std::make_unique<cache::key_maker>(shared_.digests, at.settings.cache.key_headers);
  upstreams_.clear();
  for (const auto& [name, one] : at.upstreams) {
    upstreams_[name] = cache::upstream_identity(name, at.settings.upstreams.at(name).base_url);
  }
}

base::result<void> request_parser::parse(ask& what) {
  what.request = parse_body(what);
  const auto& rules = what.at->settings.cache;
  auto directives = cache::read_directives(what.head->fields, what.request->directives, rules.honour_fetch_no_cache);
  if (!directives) return base::fail(directives.error());
  what.directives = std::move(*directives);
  allow_stale(what.directives, *what.where.to);
  what.plan = cache::decide(rules, what.where.endpoint->type, *what.request, what.directives);
  what.tenant = what.directives.name_space.empty()
                    ? what.who->whose
                    : cache::tenant_for(*what.who, what.directives.name_space, shared_.digests);
  name_items(what);
  return {};
}

void request_parser::name_items(ask& what) const {
  auto& whole = what.items.emplace_back();
  whole.id = {.type = what.where.endpoint->type,
              .digest = key_of(what, what.request->content),
              .tenant = what.tenant.tag,
              .group = what.request->group,
              .suffix = what.request->suffix};
  what.key = whole.id.digest;
  if (what.is_cached()) what.list = what.wire().as_batch();
  if (what.list == nullptr) return;

  const auto id = std::move(whole.id);
  what.items.clear();
  std::unordered_map<base::digest256, std::size_t> seen;
  for (const auto& one : what.request->list.items) {
    auto& made = what.items.emplace_back(id);
    made.id.digest = key_of(what, one.content);
    made.same_as = seen.emplace(made.id.digest, what.items.size() - 1).first->second;
  }
  if (what.items.size() == 1) what.key = what.items.front().id.digest;
}

base::digest256 request_parser::key_of(const ask& what, const base::digest256& content) const {
  const auto& request = *what.request;
  const auto& user = request.user;
  return (*make_key_)({.upstream = upstreams_.at(what.where.to->name),
                       .endpoint = what.where.endpoint->name,
                       .path = request.target_in_content ? std::string_view{} : what.where.path,
                       .query = request.target_in_content ? std::string_view{} : what.where.query,
                       .content = content,
                       .tenant = what.tenant.tag,
                       .name_space = what.directives.name_space,
                       .headers = what.head->fields,
                       .dialect_headers = what.wire().key_headers(),
                       .user = what.at->settings.cache.key_user && user ? &*user : nullptr,
                       .account = request.bound_to_account ? &what.who->account : nullptr});
}

std::shared_ptr<const entry::parsed_request> request_parser::parse_body(const ask& what) {
  const auto digest = base::sha256(what.body);
  const auto view = what.view();
  if (const auto seen = memo_.find(digest); seen != memo_.end()) {
    const auto& known = seen->second;
    if (known.endpoint == what.where.endpoint && known.path == view.path && known.query == view.query &&
        known.content_type == view.content_type) {
      return known.request;
    }
  }
  auto made = std::make_shared<const entry::parsed_request>(what.wire().read(view));
  // A list of many things is large, and seldom the same again.
  if (made->list.items.size() > 1) return made;
  remember(digest, {what.where.endpoint, std::string(view.path), std::string(view.query),
                    std::string(view.content_type), made});
  return made;
}

void request_parser::remember(const base::digest256& body, remembered what) {
  const auto [at, fresh] = memo_.insert_or_assign(body, std::move(what));
  if (!fresh) return;
  order_.push_back(body);
  if (order_.size() <= most_remembered) return;
  memo_.erase(order_.front());
  order_.pop_front();
}

}  // namespace refrain::gateway

#include "gateway/ask/request_parser.h"

#include <fmt/format.h>

#include <algorithm>

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

/// Names that clients make up are kept with entries, in sums and in lists. What the request is keyed by is all of it.
void bound_names(entry::parsed_request& parsed) {
  constexpr std::size_t longest_name = 256;
  if (parsed.model.size() > longest_name) parsed.model = "(other)";
  if (parsed.group.size() > longest_name) parsed.group = parsed.group.substr(0, parsed.group.find(':')) + ":(other)";
}

base::digest256 memo_key(base::digest256 body, const base::digest256& tenant) noexcept {
  for (std::size_t i = 0; i < body.bytes.size(); ++i) body.bytes[i] ^= tenant.bytes[i];
  return body;
}

/// Which members of the body the client wants left out of the key, beside the operator's.
void note_ignored(ask& request) {
  request.client_ignores = cache::ignored_members(request.head->fields);
  if (request.client_ignores.empty()) return;
  request.all_ignored = request.where.to->ignore_members;
  request.all_ignored.insert(request.all_ignored.end(), request.client_ignores.begin(), request.client_ignores.end());
}

std::shared_ptr<const entry::parsed_request> read(const ask& request) {
  auto parsed = request.wire().read(request.view());
  bound_names(parsed);
  return std::make_shared<const entry::parsed_request>(std::move(parsed));
}

}  // namespace

base::result<void> request_parser::parse(ask& request) {
  note_ignored(request);
  parse_body(request);
  return plan(request);
}

base::result<void> request_parser::parse_apart(ask& request) const {
  note_ignored(request);
  request.parsed = read(request);
  return plan(request);
}

base::result<void> request_parser::plan(ask& request) const {
  const auto& rules = request.at->settings.cache;
  auto directives =
      cache::read_directives(request.head->fields, request.parsed->directives, rules.honour_fetch_no_cache);
  if (!directives) return base::fail(directives.error());
  request.directives = std::move(*directives);
  allow_stale(request.directives, *request.where.to);
  request.plan = cache::decide(rules, request.where.endpoint->type, *request.parsed, request.directives,
                               request.where.endpoint->name);
  request.tenant = request.directives.name_space.empty()
                       ? request.who->whose
                       : cache::tenant_for(*request.who, request.directives.name_space, shared_.digests);
  if (request.formerly && shared_.former_digests) {
    const auto& name_space = request.directives.name_space;
    request.former_tenant = cache::tenant_for(*request.formerly, name_space, *shared_.former_digests).tag;
  }
  name_items(request);
  return {};
}

void request_parser::name_items(ask& request) const {
  auto& whole = request.items.emplace_back();
  whole.id = {.type = request.where.endpoint->type,
              .digest = key_of(request, request.parsed->content),
              .tenant = request.tenant.tag,
              .group = request.parsed->group,
              .suffix = request.parsed->suffix};
  request.key = whole.id.digest;
  whole.former = former_key_of(request, request.parsed->content);
  if (request.is_cached() && !request.parsed->list.items.empty()) request.list = request.wire().as_batch();
  if (request.list == nullptr) return;

  const auto id = std::move(whole.id);
  request.items.clear();
  std::unordered_map<base::digest256, std::size_t> seen;
  for (const auto& one : request.parsed->list.items) {
    auto& made = request.items.emplace_back(id);
    made.id.digest = key_of(request, one.content);
    made.former = former_key_of(request, one.content);
    made.same_as = seen.emplace(made.id.digest, request.items.size() - 1).first->second;
  }
  if (request.items.size() == 1) request.key = request.items.front().id.digest;
}

std::optional<semantic::question> request_parser::question_of(const ask& request) const {
  auto view = request.wire().semantic_view(request.view());
  if (!view) return std::nullopt;
  const auto& to = *request.where.to;
  auto words = std::make_shared<const semantic::reading>(semantic::read(view->text));
  const auto rest = key_of(request, view->rest).hex();
  return semantic::question{
      .text = std::move(view->text),
      .words = std::move(words),
      .partition = base::sha256(fmt::format("{} {}", rest, semantic::reading_version)),
      .contributor = base::sha256(fmt::format("{} {}", request.who->account.hex(), request.who->client)),
      .whose = {.route = fmt::format("{} {} {}", to.name, request.where.endpoint->name, request.parsed->model),
                .tenant = request.tenant.label},
      .mode = semantic_mode_of(request),
      .least_similarity = least_similarity_of(request)};
}

base::digest256 request_parser::key_of(const ask& request, const base::digest256& content) const {
  if (!request.at->settings.cache.enabled) return {};
  return key_of(request, content, {.who = *request.who, .tenant = request.tenant.tag, .make_key = make_key_});
}

std::optional<base::digest256> request_parser::former_key_of(const ask& request, const base::digest256& content) const {
  if (!request.formerly || !make_former_key_ || !request.is_cached()) return std::nullopt;
  return key_of(request, content,
                {.who = *request.formerly, .tenant = request.former_tenant, .make_key = *make_former_key_});
}

base::digest256 request_parser::key_of(const ask& request, const base::digest256& content, const asker& by) const {
  const auto& parsed = *request.parsed;
  const auto& user = parsed.user;
  return by.make_key({.upstream = request.where.to->identity,
                      .endpoint = request.where.endpoint->name,
                      .path = parsed.target_in_content ? std::string_view{} : request.where.path,
                      .query = parsed.target_in_content ? std::string_view{} : request.where.query,
                      .content = content,
                      .tenant = by.tenant,
                      .name_space = request.directives.name_space,
                      .ignored = request.client_ignores,
                      .headers = request.head->fields,
                      .dialect_headers = request.wire().key_headers(),
                      .operator_headers = request.at->settings.cache.key_headers,
                      .user = request.at->settings.cache.key_user && user ? &*user : nullptr,
                      .account = parsed.bound_to_account ? &by.who.account : nullptr});
}

void request_parser::parse_body(ask& request) const {
  // Without a key to make of it, to read the body costs less than to know it again.
  if (request.at->settings.cache.enabled) {
    const auto key = memo_key(base::sha256(request.body), request.who->whose.tag);
    if (const auto seen = memo_.find(key); seen != memo_.end() && seen->second.is_of(request)) {
      request.parsed = seen->second.parsed;
      return;
    }
    request.memo_key = key;
  }
  request.parsed = read(request);
}

bool request_parser::remembered::is_of(const ask& request) const {
  const auto view = request.view();
  return endpoint == request.where.endpoint && path == view.path && query == view.query &&
         content_type == view.content_type && std::ranges::equal(parsed->ignored, view.ignored);
}

void request_parser::remember(const ask& request) {
  // A list of many things is large, and seldom the same again.
  if (!request.memo_key || request.parsed->list.items.size() > 1) return;
  const auto& key = *request.memo_key;
  const auto view = request.view();
  remembered entry{request.where.endpoint, std::string(view.path), std::string(view.query),
                   std::string(view.content_type), request.parsed};
  const auto bytes = entry.bytes();
  const auto [at, fresh] = memo_.try_emplace(key);
  memo_bytes_ += bytes - (fresh ? 0 : at->second.bytes());
  at->second = std::move(entry);
  if (fresh) order_.push_back(key);
  while (memo_bytes_ > shared_.memo_bytes || order_.size() > most_remembered) {
    const auto oldest = memo_.find(order_.front());
    memo_bytes_ -= oldest->second.bytes();
    memo_.erase(oldest);
    order_.pop_front();
  }
}

std::uint64_t request_parser::remembered::bytes() const noexcept {
  std::uint64_t sum = sizeof(remembered) + sizeof(entry::parsed_request) + path.capacity() + query.capacity() +
                      content_type.capacity() + parsed->model.capacity() + parsed->query.capacity() +
                      parsed->group.capacity() + parsed->suffix.capacity() + parsed->directives.name_space.capacity();
  for (const auto& one : parsed->fields) sum += sizeof one + one.name.capacity();
  for (const auto& one : parsed->ignored) sum += sizeof one + one.capacity();
  for (const auto& one : parsed->list.items) sum += sizeof one + one.query.capacity();
  return sum;
}

}  // namespace refrain::gateway

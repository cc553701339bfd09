#include "gateway/errand.h"

#include <fmt/format.h>

#include <random>

#include "gateway/forward.h"

namespace refrain::gateway {
namespace {

/// Unlike any other of this process and its like: 16 hex digits.
std::string make_fill_id() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return fmt::format("{:016x}", random());
}

}  // namespace

// A request that the dialect does not fully understand goes upstream as it is.
bool asks_for_usage(const transaction& now) {
  return now.where.to->ask_usage && now.known->why_not == entry::uncacheable_reason::none;
}

entry::meta describe(const transaction& now, const parts& shared) {
  return {.id = now.id,
          .ttl = now.plan.ttl,
          .purge_number = shared.purges.current(),
          .fill = make_fill_id(),
          .upstream = now.where.to->name,
          .endpoint = std::string(now.where.endpoint->name),
          .model = now.known->model,
          .level = std::string(to_string(now.plan.level)),
          .tenant_label = now.whose.label,
          .name_space = now.asked.name_space,
          .tags = now.asked.tags,
          .query = now.known->query,
          .form = now.known->form,
          .usage_asked = now.known->wants_usage || asks_for_usage(now),
          .usage = {.characters = now.known->characters},
          .fields = now.known->fields};
}

std::shared_ptr<cache::fill> make_fill(const transaction& now, parts& shared, const entry::meta& about, bool keep) {
  auto fill = std::make_shared<cache::fill>();
  fill->id = about.fill;
  fill->key = about.id.digest;
  fill->form = about.form;
  fill->usage_asked = about.usage_asked;
  fill->purge_number = about.purge_number;
  fill->credential = now.who->account;
  fill->recording = std::make_shared<entry::recording>(shared.budget, now.at->settings.cache.max_entry.value, keep);
  return fill;
}

std::shared_ptr<errand> make_errand(const transaction& now, parts& shared, std::string body) {
  auto job = std::make_shared<errand>();
  job->at = now.at;
  job->to = now.where.to;
  job->endpoint = now.where.endpoint;
  job->store = now.plan.store;
  job->why_not = now.plan.why_not;
  job->asked = now.plan.asked;
  job->about = describe(now, shared);
  job->body = std::move(body);
  const outgoing what{.method = "POST",
                      .path = now.where.path,
                      .query = now.where.query,
                      .length = job->body.size(),
                      .cached_endpoint = true};
  job->head = write_head(*job->to, what, now.with.request().fields, *now.who, shared.via);
  job->fill = make_fill(now, shared, job->about, job->store);
  return job;
}

}  // namespace refrain::gateway

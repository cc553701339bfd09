#include "gateway/settle/settle.h"

#include "gateway/settle/access_log.h"

namespace refrain::gateway {
namespace {

void count_answer(parts& shared, const ask& what, const request_end& how) {
  const auto& endpoint = *what.where.endpoint;
  shared.counts.answered(how.outcome, how.took);
  shared.counts.looked_up(endpoint.type, what.plan.level, how.items);
  if (endpoint.type == entry::cache_type::tts) shared.counts.spoke(what.where.to->name, how.outcome, how.took);
  if (how.items.hits > 0) {
    shared.money.record(
        {.outcome = entry::is_hit(how.outcome) ? how.outcome : entry::outcome::hit,
         .type = endpoint.type,
         .upstream = what.where.to->name,
         .model = what.request->model,
         .cost = how.saved,
         .count = how.items.hits,
         .payer = {.client = what.who->client, .tenant = what.tenant.label, .tags = what.directives.tags}});
  }
  if (entry::is_hit(how.outcome)) log_hit(what);
}

}  // namespace

void settle_request(parts& shared, const ask& what, const request_end& how) {
  const bool answered = how.status != 0;  // or else the client has gone
  if (answered && how.refused) {
    shared.counts.refused(*how.refused);
  } else if (answered && what.request && how.status < 400) {
    count_answer(shared, what, how);
  }
  if (what.at->settings.log.access) log_access(what.head->method, what.where.path, how);
}

void settle_call(parts& shared, const call_end& how) {
  const bool speech = how.type == entry::cache_type::tts;
  if (how.failed) {
    shared.counts.call_failed(how.upstream, *how.failed);
    if (speech) shared.counts.speech_failed(how.upstream, base::to_string(*how.failed));
  }
  if (!how.answered) return;
  if (how.why_not != entry::uncacheable_reason::none) shared.counts.not_stored(how.why_not);
  if (how.cost) shared.counts.spent(how.type, how.upstream, *how.cost);
  shared.money.record({.outcome = how.asked,
                       .type = how.type,
                       .upstream = how.upstream,
                       .model = how.model,
                       .cost = how.cost,
                       .count = how.items,
                       .payer = how.payer});
}

}  // namespace refrain::gateway

#include "gateway/settle/settle.h"

#include "gateway/settle/access_log.h"

namespace refrain::gateway {
namespace {

void count_answer(parts& shared, const ask& request, const request_end& end) {
  const auto& endpoint = *request.where.endpoint;
  shared.counts.answered(end.outcome, end.took);
  shared.counts.looked_up(endpoint.type, request.plan.level, end.items);
  if (endpoint.type == entry::cache_type::tts) shared.counts.spoke(request.where.to->name, end.outcome, end.took);
  if (end.items.hits > 0) {
    shared.money.record(
        {.outcome = entry::is_hit(end.outcome) ? end.outcome : entry::outcome::hit,
         .type = endpoint.type,
         .upstream = request.where.to->name,
         .model = request.parsed->model,
         .cost = end.saved,
         .count = end.items.hits,
         .payer = {.client = request.who->client, .tenant = request.tenant.label, .tags = request.directives.tags}});
  }
  if (entry::is_hit(end.outcome)) log_hit(request, end.similar_to);
}

void count_ending(endings& all, int status) {
  ++all.answered;
  if (status < 400) return;
  ++all.failed;
  all.last_failure = status;
}

}  // namespace

void settle_request(parts& shared, const ask& request, const request_end& end) {
  const bool answered = end.status != 0;  // or else the client has gone
  if (answered && (!request.parsed || end.status >= 400)) count_ending(shared.ended, end.status);
  if (answered && end.refused) {
    shared.counts.refused(*end.refused);
  } else if (answered && request.parsed && end.status < 400) {
    count_answer(shared, request, end);
  }
  if (request.at->settings.log.access) log_access(request, end);
}

void settle_call(parts& shared, const call_end& end) {
  const bool speech = end.type == entry::cache_type::tts;
  if (end.failed) {
    shared.counts.call_failed(end.upstream, *end.failed);
    if (speech) shared.counts.speech_failed(end.upstream, base::to_string(*end.failed));
  }
  if (end.status == 0) return;
  if (end.why_not != entry::uncacheable_reason::none) shared.counts.not_stored(end.why_not);
  // Providers do not bill what they refuse, and what it names need not exist.
  if (end.status >= 400) return;
  if (end.cost) shared.counts.spent(end.type, end.upstream, *end.cost);
  shared.money.record({.outcome = end.asked,
                       .type = end.type,
                       .upstream = end.upstream,
                       .model = end.model,
                       .cost = end.cost,
                       .count = end.items,
                       .payer = end.payer});
}

}  // namespace refrain::gateway

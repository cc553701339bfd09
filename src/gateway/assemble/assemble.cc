#include "gateway/assemble/assemble.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "gateway/assemble/list.h"
#include "gateway/assemble/partial_content.h"
#include "provider/rules/wav_front.h"

namespace refrain::gateway {
namespace {

using entry::outcome;
using entry::wire_form;

/// The body's pieces without the usage events that the client did not ask for.
std::vector<std::string_view> pieces_without_usage(const entry::entry& from) {
  std::vector<std::string_view> pieces;
  auto mark = from.about.marks.begin();
  std::uint64_t begin = 0;  // of what is left of a piece
  for (const auto& one : from.body) {
    auto rest = one.view();
    const auto end = begin + rest.size();
    for (; mark != from.about.marks.end() && mark->offset < end; ++mark) {
      if (mark->what != entry::mark::kind::usage) continue;
      const auto from_here = std::max(mark->offset, begin);
      const auto to_here = std::min(mark->offset + mark->length, end);
      pieces.push_back(rest.substr(0, from_here - begin));
      rest.remove_prefix(to_here - begin);
      begin = to_here;
      // The rest of it stands in the next piece.
      if (mark->offset + mark->length > end) break;
    }
    pieces.push_back(rest);
    begin = end;
  }
  return pieces;
}

std::vector<std::string_view> pieces_of(const entry::entry& from) {
  std::vector<std::string_view> pieces;
  pieces.reserve(from.body.size());
  for (const auto& one : from.body) pieces.push_back(one.view());
  return pieces;
}

bool skips_usage(const ask& request) {
  return request.parsed->form == wire_form::stream && !request.parsed->wants_usage;
}

/// A directive that was not followed, for Cache-Status to say so.
std::string_view unfollowed(const ask& request) {
  return request.directives.fetch_artefact ? "fetch-no-store-ignored" : "";
}

void set_body(reply& to, const rendered& from) {
  to.pieces = {*from.body};
  to.owner = from.body;
}

/// Has a WAV say its true sizes, in as many bytes. False where it does already, or there is none.
bool mend_wav(reply& made) {
  auto front = provider::true_wav_front(made.pieces);
  if (!front) return false;
  struct mended {
    std::string front;
    std::shared_ptr<const void> rest;
  };
  const auto whole = std::make_shared<const mended>(std::move(*front), std::move(made.owner));
  made.pieces.front().remove_prefix(whole->front.size());
  made.pieces.insert(made.pieces.begin(), whole->front);
  made.owner = whole;
  return true;
}

reply reply_of_entry(const ask& request, const found_answer& found, base::sys_seconds at) {
  const auto& from = *found.entry;
  reply made{.outcome = found.how, .items = {.hits = 1}, .saved = from.about.cost};
  auto& head = made.head;
  head.fields.reserve(512);
  head.add("Date", http::date_now());
  const auto& type = found.turned ? found.turned->content_type : from.about.content_type;
  if (!type.empty()) head.add("Content-Type", type);
  for (const auto& [name, value] : from.about.headers) head.add(name, value);
  const auto age = at - from.about.stored_at;
  fmt::format_to(std::back_inserter(head.fields), FMT_COMPILE("Age: {}\r\n"), age.count());
  const auto key = request.shown_key();
  add_cache_fields(
      made,
      {.ttl = from.about.ttl - age, .key = key, .detail = found.detail.empty() ? unfollowed(request) : found.detail});
  if (found.how == outcome::semantic_hit) {
    made.head.add("x-refrain-similarity", fmt::format(FMT_COMPILE("{:.4f}"), found.similarity));
    made.head.add("x-refrain-entry", from.about.id.digest.hex());
    made.similar_to = from.about.query;
  }
  if (found.turned) {
    set_body(made, *found.turned);
    if (request.parsed->form == wire_form::stream) {
      made.pace = request.directives.pace.value_or(request.at->settings.cache.replay_pace);
    }
  } else {
    made.pieces = skips_usage(request) ? pieces_without_usage(from) : pieces_of(from);
    made.owner = found.entry;
  }
  if (is_audio(request)) {
    const bool mended = request.at->settings.cache.wav_sizes && mend_wav(made);
    choose_part(made, *request.head, mended ? from.about.fill + "-sized" : from.about.fill);
  }
  return made;
}

/// `similar`: see similar_detail.
cache::cache_status status_of_fetch(const search& lookup, const found_answer& found, std::string_view key,
                                    std::string_view similar) {
  const auto& plan = lookup.request.plan;
  cache::cache_status status{
      .fwd = cache::forward_reason(plan, lookup.freshness), .fwd_status = found.head->status, .key = key};
  status.collapsed = !found.leads();
  // Of an answer that is still on its way nobody knows yet.
  status.stored = found.leads() && found.fill->recording->is_complete() && found.fill->stored;
  if (plan.why_not != entry::uncacheable_reason::none) {
    status.detail = entry::to_string(plan.why_not);
  } else if (lookup.freshness && !cache::may_serve(*lookup.freshness)) {
    status.detail = cache::to_string(*lookup.freshness);
  } else {
    status.detail = unfollowed(lookup.request);
    if (status.detail.empty()) status.detail = similar;
  }
  return status;
}

reply reply_of_recording(const search& lookup, const found_answer& found) {
  const auto& request = lookup.request;
  const bool leads = found.leads();
  reply made{.head = head_of_answer(request, *found.head, !leads), .outcome = found.how};
  made.items = leads ? item_counts{.misses = found.how == outcome::bypass ? 0U : 1U} : item_counts{.hits = 1};
  if (found.turned) {
    made.head = head_of_answer(request,
                               {.status = found.head->status,
                                .content_type = found.turned->content_type,
                                .fields = found.head->fields,
                                .length = {}},
                               !leads);
    made.saved = found.fill->cost;
  }
  const auto key = request.shown_key();
  const auto similar = similar_detail(lookup);
  add_cache_fields(made, status_of_fetch(lookup, found, key, similar));
  if (found.turned) {
    set_body(made, *found.turned);
    return made;
  }
  made.recording = found.reader;
  made.skips_usage = skips_usage(request);
  if (!made.skips_usage) made.length = found.head->length;
  if (!leads) made.saves = {found.fill, &found.fill->cost};
  return made;
}

}  // namespace

std::string similar_detail(const search& lookup) {
  const auto& made = lookup.similar;
  if (!made) {
    const auto wanted = lookup.request.directives.semantic.value_or(config::semantic_mode::off);
    return wanted == config::semantic_mode::off ? "" : "semantic-unavailable";
  }
  std::string detail = "semantic-";
  detail.append(to_string(made->why));
  if (made->why == semantic::reason::guarded) detail.append("-").append(to_string(made->found->nearest->guards.why));
  return detail;
}

reply assemble(const search& lookup, parts& shared, base::sys_seconds at) {
  if (lookup.failure) return refusal(lookup.request, *lookup.failure, lookup.freshness);
  if (lookup.passes_call_on) return reply_of_recording(lookup, *lookup.list_call);
  if (lookup.request.list != nullptr) return reply_of_list(lookup, shared, at);
  const auto& found = lookup.of(0);
  return found.entry ? reply_of_entry(lookup.request, found, at) : reply_of_recording(lookup, found);
}

}  // namespace refrain::gateway

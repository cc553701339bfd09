#include "gateway/deliver.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <vector>

#include "gateway/clip.h"
#include "gateway/reading.h"
#include "gateway/reply.h"

namespace refrain::gateway {
namespace {

using base::errc;
using entry::outcome;
using entry::wire_form;

/// The body's pieces without the usage events that the client did not ask for.
std::vector<std::string_view> pieces_without_usage(const entry::entry& from) {
  std::vector<std::string_view> pieces;
  std::uint64_t offset = 0;
  for (const auto& one : from.body) {
    auto rest = one.view();
    const auto end = offset + rest.size();
    for (const auto& mark : from.about.marks) {
      if (mark.what != entry::mark::kind::usage) continue;
      // The part of the mark that lies in what is left of this piece.
      const auto begin = end - rest.size();
      const auto from_here = std::max(mark.offset, begin);
      const auto to_here = std::min(mark.offset + mark.length, end);
      if (from_here >= to_here) continue;
      pieces.push_back(rest.substr(0, from_here - begin));
      rest.remove_prefix(to_here - begin);
    }
    pieces.push_back(rest);
    offset = end;
  }
  return pieces;
}

std::vector<std::string_view> pieces_of(const entry::entry& from) {
  std::vector<std::string_view> pieces;
  pieces.reserve(from.body.size());
  for (const auto& one : from.body) pieces.push_back(one.view());
  return pieces;
}

bool drops_usage(const transaction& now) { return now.known->form == wire_form::stream && !now.known->wants_usage; }

http::reply_head head_of_hit(const transaction& now, const entry::entry& from, std::string_view content_type,
                             base::sys_seconds at) {
  http::reply_head head;
  head.fields.reserve(512);
  head.add("Date", http::date_now());
  head.add("Content-Type", content_type);
  for (const auto& [name, value] : from.about.headers) head.add(name, value);
  const auto age = at - from.about.stored_at;
  fmt::format_to(std::back_inserter(head.fields), FMT_COMPILE("Age: {}\r\n"), age.count());
  const auto key = now.id.digest.hex();
  std::string_view detail;
  if (now.asked.fetch_artefact) detail = "fetch-no-store-ignored";
  if (now.stand_in && &from == now.stand_in.get()) detail = "stale-if-error";
  if (now.inherited) detail = "litellm";
  add_cache_fields(head, now, {.ttl = from.about.ttl - age, .key = key, .detail = detail});
  return head;
}

cache::cache_status status_of_fetch(const transaction& now, int upstream_status, bool leads, std::string_view key) {
  cache::cache_status status{
      .fwd = cache::forward_reason(now.plan, now.found), .fwd_status = upstream_status, .key = key};
  status.collapsed = !leads;
  status.stored = leads && now.plan.store && upstream_status == 200;
  if (now.plan.why_not != entry::uncacheable_reason::none) {
    status.detail = entry::to_string(now.plan.why_not);
  } else if (now.found && !cache::may_serve(*now.found)) {
    status.detail = cache::to_string(*now.found);
  } else if (now.asked.fetch_artefact) {
    status.detail = "fetch-no-store-ignored";
  }
  return status;
}

/// What has arrived of a recording, for one write.
struct batch {
  static constexpr std::size_t most = 12;
  std::vector<base::slice> slices;
  bool ended = false;   ///< nothing more will come
  bool broken = false;  ///< and what came is not the whole

  void take(const base::result<base::slice>& piece) {
    broken = !piece;
    ended = broken || piece->empty();
    if (!ended) slices.push_back(*piece);
  }
};

/// Waits for what comes next, with all that is there already; the head goes out before a wait.
net::task<batch> next_batch(http::exchange& with, entry::recording::reader& reader, bool skip_usage) {
  batch next;
  while (!next.ended && next.slices.size() < batch::most) {
    auto piece = reader.poll(skip_usage);
    if (!piece && !next.slices.empty()) break;
    if (!piece) {
      (void)co_await with.flush();
      piece = co_await reader.next(skip_usage);
    }
    next.take(*piece);
  }
  co_return next;
}

/// True once the whole answer is with the client.
net::task<bool> pass_on(transaction& now, const http::reply_head& head, std::optional<std::uint64_t> length,
                        std::shared_ptr<entry::recording::reader> reader) {
  const bool skip_usage = drops_usage(now);
  now.with.start(head, skip_usage ? std::nullopt : length);
  while (true) {
    const auto next = co_await next_batch(now.with, *reader, skip_usage);
    std::vector<std::string_view> pieces;
    for (const auto& one : next.slices) pieces.push_back(one.view());
    const auto sent = co_await now.with.write(pieces, next.ended && !next.broken);
    if (next.broken) {
      // The client must not take what it has for the whole.
      now.with.abort();
      co_return false;
    }
    if (next.ended || !sent) co_return sent.has_value();
  }
}

/// An answer in another form than it was recorded in.
struct turned_answer {
  std::string content_type;
  shared_bodies::body body;
};

/// What was recorded lives no longer than this takes: whoever reads slowly holds what he is sent, and nothing else.
base::result<turned_answer> turn(const transaction& now, parts& shared, std::span<const base::slice> pieces,
                                 provider::recorded what) {
  const auto body = joined(pieces);
  what.body = body;
  auto made = now.where.endpoint->wire.render(what, now.known->form, now.known->wants_usage);
  if (!made) return base::fail(made.error());
  return turned_answer{std::move(made->content_type), shared.bodies.share(std::move(made->body))};
}

/// A whole recording in the form that is asked for. Fails where it breaks off, or cannot be turned.
net::task<base::result<turned_answer>> turn_whole(const transaction& now, parts& shared,
                                                  std::shared_ptr<cache::fill> from,
                                                  std::shared_ptr<entry::recording::reader> reader) {
  const auto pieces = co_await collect(std::move(reader));
  if (!pieces) co_return base::fail(pieces.error());
  auto turned = turn(now, shared, *pieces, {.form = from->form, .marks = {}, .suffix = now.known->suffix});
  if (turned) co_return turned;
  co_return base::fail(errc::upstream_protocol, "the upstream's stream cannot be read as a plain answer");
}

bool has_form_for(const transaction& now, const entry::entry& candidate) {
  return candidate.about.fill != now.unfit &&
         now.where.endpoint->wire.can_serve(candidate.about.form, candidate.about.usage_asked, now.known->form,
                                            now.known->wants_usage);
}

/// A call has ended before the client got anything of it.
net::task<followed> end_badly(transaction& now, base::error why, bool leads, bool hands_over) {
  if (why.code == errc::cancelled) {
    now.with.abort();
    co_return followed::answered;
  }
  if (now.stand_in) co_return followed::failed;
  if (!leads && hands_over) co_return followed::broken;
  co_await send_error(now, std::move(why));
  co_return followed::answered;
}

}  // namespace

bool is_failure(int status) noexcept { return status == 429 || status >= 500; }

bool serves(const transaction& now, const entry::entry& candidate, base::sys_seconds at) {
  const cache::lifetime lifetime{candidate.about.stored_at, candidate.about.ttl};
  return has_form_for(now, candidate) && cache::may_serve(cache::judge_freshness(lifetime, now.asked.freshness, at));
}

bool may_stand_in(const transaction& now, const entry::entry& candidate, base::sys_seconds at) {
  const cache::lifetime lifetime{candidate.about.stored_at, candidate.about.ttl};
  return has_form_for(now, candidate) && cache::may_stand_in(lifetime, now.asked.stale_if_error, at);
}

net::task<bool> deliver_entry(transaction& now, parts& shared, entry::entry_ptr from, base::sys_seconds at) {
  now.result = at - from->about.stored_at < from->about.ttl ? outcome::hit : outcome::stale;
  now.saved = from->about.cost;
  if (from->about.form == now.known->form) {
    const auto head = head_of_hit(now, *from, from->about.content_type, at);
    auto pieces = drops_usage(now) ? pieces_without_usage(*from) : pieces_of(*from);
    if (is_clip(now)) {
      co_await send_clip(now, head, std::move(pieces), from->about.fill);
    } else {
      (void)co_await now.with.send(head, pieces);
    }
    co_return true;
  }
  const auto turned = turn(now, shared, from->body,
                           {.form = from->about.form, .marks = from->about.marks, .suffix = from->about.id.suffix});
  if (!turned) {
    now.saved.reset();
    now.unfit = from->about.fill;
    co_return false;
  }
  const auto head = head_of_hit(now, *from, turned->content_type, at);
  std::vector<std::string_view> pieces{*turned->body};
  if (is_clip(now)) {
    co_await send_clip(now, head, std::move(pieces), from->about.fill);
  } else {
    (void)co_await now.with.send(head, pieces);
  }
  co_return true;
}

net::task<followed> follow(transaction& now, parts& shared, std::shared_ptr<cache::fill> from,
                           std::shared_ptr<entry::recording::reader> reader, bool leads, bool hands_over) {
  // While the upstream thinks nothing is read from the client: its leaving has to be watched for.
  const hangup_watch watch{now.with.peer(), reader};
  const auto head = co_await reader->head();
  if (!head) co_return co_await end_badly(now, head.error(), leads, hands_over);
  const auto& answer = **head;
  if (!leads && answer.status >= 400 && from->credential != now.who->account) co_return followed::refused;
  if (now.stand_in && is_failure(answer.status)) co_return followed::failed;

  now.result = leads ? now.plan.asked : outcome::coalesced;
  auto shown = answer;
  base::result<turned_answer> turned = base::fail(errc::not_found);
  const bool turns = answer.status == 200 && from->form != now.known->form;
  if (turns) {
    turned = co_await turn_whole(now, shared, from, reader);
    if (!turned) co_return co_await end_badly(now, turned.error(), leads, hands_over);
    shown.content_type = turned->content_type;
    now.saved = from->cost;
  }
  const auto key = now.id.digest.hex();
  auto reply = reply_head_of(shown, now, !leads);
  add_cache_fields(reply, now, status_of_fetch(now, answer.status, leads, key));
  if (turns) {
    (void)co_await now.with.send(reply, std::string_view{*turned->body});
  } else {
    const bool whole = co_await pass_on(now, reply, answer.length, reader);
    if (whole && !leads) now.saved = from->cost;
  }
  reader->leave();
  co_return followed::answered;
}

}  // namespace refrain::gateway

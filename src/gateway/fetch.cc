#include "gateway/fetch.h"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "gateway/forward.h"

namespace refrain::gateway {
namespace {

using base::errc;
using base::fail;
using entry::uncacheable_reason;

/// Fills that go on after their last client has left (docs/reliability.md): so many, and so long.
constexpr unsigned most_unattended = 64;
constexpr std::chrono::seconds longest_unattended{120};

bool speaks(const errand& what) { return what.endpoint->type == entry::cache_type::tts; }

/// An answer that was encoded although identity was asked for cannot be judged, nor served to others.
bool is_encoded(const http::response_head& head) {
  const auto coding = head.find("content-encoding");
  return coding && !coding->empty() && !base::equal_ignoring_case(*coding, "identity");
}

/// One piece: a replay is then one write.
std::vector<base::slice> joined(const std::vector<base::slice>& pieces, std::uint64_t size) {
  if (pieces.size() == 1) return pieces;
  std::string whole;
  whole.reserve(size);
  for (const auto& one : pieces) whole.append(one.view());
  std::vector<base::slice> one;
  one.emplace_back(std::move(whole));
  return one;
}

}  // namespace

/// An errand on its way.
struct fetcher::run {
  run(std::shared_ptr<errand> job, net::loop& home, cache::coalescer& all)
      : what(std::move(job)), fills(all), patience(home.timeouts(), [this] { give_up(); }) {}

  /// Ends the call, if one is under way; the coroutine then finds it broken. From here on nobody joins it: who has just
  /// done so keeps it alive.
  void give_up() {
    fills.end(*what->fill);
    if (what->fill->recording->is_read()) return;
    given_up = true;
    if (call) call->cancel();
  }
  void refuse(uncacheable_reason why) {
    if (why_not == uncacheable_reason::none) why_not = why;
  }

  std::shared_ptr<errand> what;
  cache::coalescer& fills;
  std::unique_ptr<http::call> call;
  std::unique_ptr<provider::answer_reader> reader;
  entry::answer_head head;
  net::deadline patience;
  uncacheable_reason why_not = uncacheable_reason::none;
  bool unattended = false;
  bool given_up = false;
};

void fetcher::start(std::shared_ptr<errand> what) {
  net::spawn(client_.home().get_executor(), perform(std::move(what)));
}

net::task<> fetcher::perform(std::shared_ptr<errand> what) {
  auto under_way = std::make_shared<run>(what, client_.home(), shared_.fills);
  under_way->why_not = what->why_not;
  attend(under_way);
  // Nobody may be waiting from the start on: a stale entry is being refreshed.
  if (!what->fill->recording->is_read()) deserted(*under_way);

  auto done = co_await carry_out(under_way);

  // Ended before the recording tells: whoever is told that it failed must not join it again.
  shared_.fills.end(*what->fill);
  if (under_way->unattended) --shared_.unattended;
  under_way->patience.disarm();
  what->into.reset();
  if (!done) {
    shared_.counts.call_failed(what->to->name, done.error().code);
    if (speaks(*what)) shared_.counts.speech_failed(what->to->name, base::to_string(done.error().code));
    what->fill->recording->fail(done.error());
  }
}

/// A fault of our own ends this errand alone: without an end, its fill would be joined for ever.
net::task<base::result<void>> fetcher::carry_out(std::shared_ptr<run> under_way) {
  try {
    auto done = co_await ask(under_way);
    if (done) done = co_await take_answer(under_way);
    co_return done;
  } catch (const std::exception& bug) {
    base::log_error("bug: an upstream call ended with an exception: {}", bug.what());
    co_return fail(errc::internal, "the gateway failed while it fetched the answer; its log says more");
  }
}

/// Sends the request and waits for the answer's head; once more on a fresh connection where a kept one was dead.
net::task<base::result<void>> fetcher::ask(std::shared_ptr<run> under_way) {
  const auto& what = *under_way->what;
  const auto began = shared_.clock.steady();
  for (bool fresh = false;; fresh = true) {
    auto call = co_await client_.open(what.to->route, fresh);
    if (!call) co_return fail(call.error());
    if (under_way->given_up) co_return fail(errc::cancelled, "no client is left that waits for this answer");
    under_way->call = std::move(*call);
    auto sent = co_await under_way->call->write(what.head, what.body);
    if (sent) {
      under_way->call->sent();
      const auto head = co_await under_way->call->read_head(false);
      if (head) {
        shared_.counts.called(what.to->name, (*head)->status, shared_.clock.steady() - began);
        heard(*under_way, **head);
        co_return sent;
      }
      sent = fail(head.error());
    }
    if (!sent.error().retry || fresh || under_way->given_up) co_return sent;
  }
}

void fetcher::heard(run& under_way, const http::response_head& head) {
  const auto& what = *under_way.what;
  if (head.status != 200) under_way.refuse(uncacheable_reason::status);
  if (head.status >= 400 && speaks(what)) {
    shared_.counts.speech_failed(what.to->name, fmt::format("http_{}", head.status));
  }
  if (is_encoded(head)) under_way.refuse(uncacheable_reason::encoded_answer);
  if (!what.endpoint->wire.answers_with(what.fill->form, head.find("content-type").value_or(""))) {
    under_way.refuse(uncacheable_reason::malformed_answer);
  }
  // A refusal concerns the account that asked, and what cannot be read serves no other form: nobody joins any more.
  if (head.status >= 400 || is_encoded(head)) shared_.fills.end(*what.fill);
  under_way.head = read_answer_head(head);
  what.fill->recording->begin(under_way.head);
}

net::task<base::result<void>> fetcher::take_answer(std::shared_ptr<run> under_way) {
  auto& recording = *under_way->what->fill->recording;
  auto& call = *under_way->call;
  under_way->reader = under_way->what->endpoint->wire.read_answer(under_way->what->fill->form);
  std::size_t marks_seen = 0;
  bool settled = false;
  while (true) {
    const auto piece = co_await call.read_some();
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) break;
    const bool readable = under_way->why_not != uncacheable_reason::encoded_answer;
    if (readable) under_way->reader->feed(*piece);
    const auto marks = under_way->reader->marks();
    std::vector<entry::mark> fresh(marks.begin() + static_cast<std::ptrdiff_t>(marks_seen), marks.end());
    marks_seen = marks.size();
    base::slice bytes{std::string(*piece)};
    if (call.at_end()) {
      // Stored before its last byte is shown: whoever has seen the whole answer finds it stored.
      recording.append_last(std::move(bytes), std::move(fresh));
      settle(*under_way);
      settled = true;
      break;
    }
    const auto whole = readable ? under_way->reader->whole() : recording.size() + bytes.size();
    recording.append(std::move(bytes), whole, std::move(fresh));
    if (!recording.kept()) {
      under_way->refuse(uncacheable_reason::too_large);
      shared_.fills.end(*under_way->what->fill);
      const bool wanted = co_await recording.await_room();
      if (!wanted) co_return fail(errc::cancelled, "no client is left that reads this answer");
    }
  }
  if (!settled) settle(*under_way);
  recording.complete();
  co_return base::result<void>{};
}

/// The whole answer is here: judge it, store it, book it.
void fetcher::settle(run& under_way) {
  auto& what = *under_way.what;
  provider::verdict judged;
  if (under_way.head.status == 200 && under_way.why_not != uncacheable_reason::encoded_answer)
    judged = under_way.reader->finish();
  under_way.refuse(judged.why_not);
  judged.usage.characters = what.about.usage.characters;
  if (!what.fill->recording->kept()) under_way.refuse(uncacheable_reason::too_large);
  // Providers do not bill what they refuse.
  what.about.cost = under_way.head.status >= 400 ? entry::micro_usd{}
                                                 : shared_.prices.cost(what.to->name, what.about.model, judged.usage);
  what.fill->cost = what.about.cost;
  // What is dead at birth must not take the place of what was fetched after the purge.
  if (shared_.purges.dead(what.about)) under_way.refuse(uncacheable_reason::purged);
  const bool storable = what.store && under_way.why_not == uncacheable_reason::none;
  if (what.into) {
    hand_over(under_way, judged, storable);
  } else if (storable) {
    record(under_way, judged);
  }
  if (!storable) shared_.counts.not_stored(under_way.why_not);
  if (what.about.cost) shared_.counts.spent(what.endpoint->type, what.to->name, *what.about.cost);
  shared_.money.record({.outcome = what.asked,
                        .type = what.endpoint->type,
                        .upstream = what.to->name,
                        .model = what.about.model,
                        .cost = what.about.cost,
                        .count = what.items});
  shared_.fills.end(*what.fill);
}

void fetcher::hand_over(run& under_way, const provider::verdict& judged, bool storable) {
  auto& what = *under_way.what;
  const bool whole =
      under_way.head.status == 200 && judged.why_not == uncacheable_reason::none && what.fill->recording->kept();
  if (!whole || under_way.why_not == uncacheable_reason::encoded_answer) return;
  const auto body = joined(what.fill->recording->body(), what.fill->recording->size());
  what.into->take(under_way.head, body.front().view(), judged, what.about.cost, storable);
}

void fetcher::record(run& under_way, const provider::verdict& judged) {
  const auto& fill = *under_way.what->fill;
  auto fresh = std::make_shared<entry::entry>();
  fresh->about = under_way.what->about;
  auto& about = fresh->about;
  about.stored_at = shared_.clock.seconds();
  about.content_type = under_way.head.content_type;
  for (const auto& [name, value] : under_way.head.fields) {
    for (const auto kept : under_way.what->endpoint->wire.kept_headers()) {
      if (base::equal_ignoring_case(name, kept)) about.headers.emplace_back(name, value);
    }
  }
  about.marks = judged.marks;
  about.usage = judged.usage;
  about.size = fill.recording->size();
  fresh->body = joined(fill.recording->body(), about.size);
  shared_.store.put(std::move(fresh));
}

/// Sees to it that a call which nobody waits for ends, at once or within the limits.
void fetcher::attend(const std::shared_ptr<run>& under_way) {
  const auto where = client_.home().get_executor();
  const std::weak_ptr<run> weak = under_way;
  under_way->what->fill->recording->on_deserted([this, where, weak] {
    // At the end of the process the call may have gone before its readers, and its loop with it.
    if (weak.expired()) return;
    net::asio::post(where, [this, weak] {
      if (const auto still = weak.lock()) deserted(*still);
    });
  });
}

void fetcher::deserted(run& under_way) {
  const bool worth_finishing = under_way.what->store && under_way.why_not == uncacheable_reason::none;
  if (!worth_finishing || (!under_way.unattended && shared_.unattended.load() >= most_unattended)) {
    under_way.give_up();
    return;
  }
  if (!under_way.unattended) ++shared_.unattended;
  under_way.unattended = true;
  under_way.patience.arm(longest_unattended);
}

}  // namespace refrain::gateway

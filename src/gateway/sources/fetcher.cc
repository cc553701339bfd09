#include "gateway/sources/fetcher.h"

#include <fmt/format.h>

#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "gateway/settle/settle.h"
#include "gateway/shared/similar_answers.h"
#include "gateway/sources/item_fills.h"
#include "gateway/sources/lesson.h"
#include "gateway/sources/request_head.h"

namespace refrain::gateway {
namespace {

using base::errc;
using base::fail;
using entry::uncacheable_reason;

/// To judge more than this takes so long that others on the loop would notice.
constexpr std::size_t heavy_answer = 1 << 20;

/// Calls that go on after their last client has left (docs/reliability.md): so many, and so long.
constexpr unsigned most_detached = 64;
constexpr std::chrono::seconds longest_detached{120};

/// An answer that was encoded although identity was asked for cannot be judged, nor served to others.
bool is_encoded(const http::response_head& head) {
  const auto coding = head.find("content-encoding");
  return coding && !coding->empty() && !base::equal_ignoring_case(*coding, "identity");
}

}  // namespace

/// A call on its way.
struct fetcher::run {
  run(std::shared_ptr<upstream_request> request, net::loop& home, cache::coalescer& all)
      : request(std::move(request)), fills(all), detached_limit(home.timeouts(), [this] { give_up(); }) {}

  /// Ends the call, if one is under way; the coroutine then finds it broken. From here on nobody joins it: who has just
  /// done so keeps it alive.
  void give_up() {
    fills.end(*request->fill);
    if (request->fill->recording->is_read()) return;
    given_up = true;
    if (call) call->cancel();
  }
  void refuse(uncacheable_reason why) {
    if (why_not == uncacheable_reason::none) why_not = why;
  }
  [[nodiscard]] entry::recording& recording() const noexcept { return *request->fill->recording; }
  [[nodiscard]] bool is_readable() const noexcept { return why_not != uncacheable_reason::encoded_answer; }

  std::shared_ptr<upstream_request> request;
  cache::coalescer& fills;
  std::unique_ptr<http::call> call;
  std::unique_ptr<provider::answer_reader> reader;
  entry::answer_head head;  ///< status 0: none has arrived
  net::deadline detached_limit;
  uncacheable_reason why_not = uncacheable_reason::none;
  bool ends_with_connection = false;  ///< nothing else tells the end of the answer
  bool detached = false;
  bool given_up = false;
  bool settled = false;
};

void fetcher::start(std::shared_ptr<upstream_request> request) {
  net::spawn(client_.home().get_executor(), perform(std::move(request)));
}

net::task<> fetcher::perform(std::shared_ptr<upstream_request> request) {
  auto under_way = std::make_shared<run>(request, client_.home(), shared_.fills);
  under_way->why_not = request->why_not;
  watch_readers(under_way);
  // Nobody may be waiting from the start on: a stale entry is being refreshed.
  if (!under_way->recording().is_read()) detach(*under_way);

  const auto done = co_await carry_out(under_way);

  if (under_way->detached) --shared_.detached;
  under_way->detached_limit.disarm();
  if (!done) abandon(*under_way, done.error());
  fail_items(shared_, *request, {.code = errc::upstream_closed, .context = "the answer held nothing for this item"});
}

/// A fault of our own ends this call alone: without an end, its fill would be joined for ever.
net::task<base::result<void>> fetcher::carry_out(std::shared_ptr<run> under_way) {
  try {
    auto done = co_await ask(under_way);
    if (done) done = co_await read_body(under_way);
    co_return done;
  } catch (const std::exception& bug) {
    base::log_error("bug: an upstream call ended with an exception: {}", bug.what());
    co_return fail(errc::internal, "the gateway failed while it fetched the answer; its log says more");
  }
}

/// Sends the request and waits for the answer's head; once more on a fresh connection where a kept one was dead.
net::task<base::result<void>> fetcher::ask(std::shared_ptr<run> under_way) {
  const auto& request = *under_way->request;
  const auto began = shared_.clock.steady();
  for (bool fresh = false;; fresh = true) {
    auto call = co_await client_.open(request.to->route, fresh);
    if (!call) co_return fail(call.error());
    if (under_way->given_up) co_return fail(errc::cancelled, "no client is left that waits for this answer");
    under_way->call = std::move(*call);
    auto sent = co_await under_way->call->write(request.head, *request.body);
    if (sent) {
      under_way->call->sent();
      const auto head = co_await under_way->call->read_head(false);
      if (head) {
        shared_.counts.called(request.to->name, (*head)->status, shared_.clock.steady() - began);
        read_head(*under_way, **head);
        co_return sent;
      }
      sent = fail(head.error());
    }
    if (!sent.error().retry || fresh || under_way->given_up) co_return sent;
  }
}

void fetcher::read_head(run& under_way, const http::response_head& head) {
  const auto& request = *under_way.request;
  if (head.status != 200) under_way.refuse(uncacheable_reason::status);
  if (head.status >= 400 && request.endpoint->type == entry::cache_type::tts) {
    shared_.counts.speech_failed(request.to->name, fmt::format("http_{}", head.status));
  }
  under_way.ends_with_connection = head.body == http::framing::until_close;
  if (is_encoded(head)) under_way.refuse(uncacheable_reason::encoded_answer);
  if (!request.endpoint->wire.answers_with(request.fill->form, head.find("content-type").value_or(""))) {
    under_way.refuse(uncacheable_reason::malformed_answer);
  }
  // A refusal concerns the account that asked, and what cannot be read serves no other form: nobody joins any more.
  if (head.status >= 400 || is_encoded(head)) shared_.fills.end(*request.fill);
  under_way.head = read_answer_head(head);
  under_way.reader = request.endpoint->wire.read_answer(request.fill->form);
  under_way.recording().begin(under_way.head);
}

net::task<base::result<void>> fetcher::read_body(std::shared_ptr<run> under_way) {
  auto& recording = under_way->recording();
  auto& call = *under_way->call;
  auto& reader = *under_way->reader;
  std::size_t marks_seen = 0;
  for (bool ended = false; !ended;) {
    const auto piece = co_await call.read_some();
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) break;
    if (under_way->is_readable()) reader.feed(*piece);
    const auto marks = reader.marks();
    std::vector<entry::mark> fresh(marks.begin() + static_cast<std::ptrdiff_t>(marks_seen), marks.end());
    marks_seen = marks.size();
    base::slice bytes{std::string(*piece)};
    ended = call.at_end();
    if (ended) {
      recording.append_last(std::move(bytes), std::move(fresh));
      break;
    }
    const auto whole = under_way->is_readable() ? reader.whole() : recording.size() + bytes.size();
    recording.append(std::move(bytes), whole, std::move(fresh));
    if (!recording.kept()) {
      under_way->refuse(uncacheable_reason::too_large);
      shared_.fills.end(*under_way->request->fill);
      const bool wanted = co_await recording.await_room();
      if (!wanted) co_return fail(errc::cancelled, "no client is left that reads this answer");
    }
  }
  // Stored before its last byte is shown: whoever has seen the whole answer finds it stored.
  const auto body = recording.join_pieces();
  if (!body || body->size() < heavy_answer) {
    conclude(*under_way, judge(*under_way, body), body);
  } else {
    auto work = [under_way, &body] { return base::result<judgement>{judge(*under_way, body)}; };
    auto made = co_await shared_.heavy_work->run(work);
    if (!made) made = work();
    conclude(*under_way, std::move(*made), body);
  }
  recording.complete();
  co_return base::result<void>{};
}

/// What the whole answer is, and of a list's, its parts. Any thread.
fetcher::judgement fetcher::judge(run& under_way, const std::optional<base::slice>& body) {
  judgement made;
  if (under_way.head.status != 200 || !under_way.is_readable()) return made;
  const auto& request = *under_way.request;
  made.of_all = under_way.reader->finish(body ? body->view() : std::string_view{});
  judge_finish(made.of_all, *request.at);
  if (!body || made.of_all.why_not != uncacheable_reason::none || request.items.empty()) return made;
  // An answer that is not what was asked for is passed on as it is (upstream_source::await_list).
  auto apart = request.endpoint->wire.as_batch()->take_apart(body->view(), request.items.size(), request.parsed->list);
  if (apart) made.parts = std::move(*apart);
  if (!apart) made.of_all.why_not = uncacheable_reason::malformed_answer;
  return made;
}

/// The whole answer is here: store it, book it.
void fetcher::conclude(run& under_way, judgement made, const std::optional<base::slice>& body) {
  auto& request = *under_way.request;
  const auto& judged = made.of_all;
  // What only its framing tells the end of may have been cut where the connection ended.
  if (judged.by_framing && under_way.ends_with_connection) under_way.refuse(uncacheable_reason::truncated);
  if (!body) under_way.refuse(uncacheable_reason::too_large);
  under_way.refuse(judged.why_not);
  // An answer that a purge has killed already must not replace one that was fetched after the purge.
  if (shared_.purges.dead(request.about)) under_way.refuse(uncacheable_reason::purged);
  request.about.usage.input = judged.usage.input;
  request.about.usage.cached_input = judged.usage.cached_input;
  request.about.usage.output = judged.usage.output;
  settle(under_way, std::nullopt);

  const bool storable = request.store && under_way.why_not == uncacheable_reason::none;
  if (!made.parts.empty()) {
    fill_items(shared_, request, under_way.head, std::move(made.parts), judged, storable);
  } else if (request.items.empty() && storable) {
    record(under_way, judged, *body);
  }
  shared_.fills.end(*request.fill);
}

/// The call has ended without a whole answer. It may be billed all the same: at what price is unknown where that
/// depends on the usage which a whole answer would have reported.
void fetcher::abandon(run& under_way, const base::error& why) {
  auto& request = *under_way.request;
  under_way.refuse(why.code == errc::cancelled ? uncacheable_reason::abandoned : uncacheable_reason::truncated);
  settle(under_way, why.code);
  // Ended before the recordings tell: whoever is told that it failed must not join it again.
  shared_.fills.end(*request.fill);
  fail_items(shared_, request, why);
  under_way.recording().fail(why);
}

void fetcher::settle(run& under_way, std::optional<errc> failed) {
  if (std::exchange(under_way.settled, true)) return;
  auto& request = *under_way.request;
  const auto& used = request.about.usage;
  const int status = under_way.head.status;
  if (status >= 400) {
    request.about.cost = entry::micro_usd{};
  } else if (status != 0) {
    request.about.cost = shared_.prices.cost(request.to->name, request.about.model, used);
  }
  request.fill->cost = request.about.cost;
  settle_call(shared_,
              {.payer = {.client = request.client, .tenant = request.about.tenant_label, .tags = request.about.tags},
               .upstream = request.to->name,
               .model = request.about.model,
               .type = request.endpoint->type,
               .asked = request.asked,
               .items = request.count,
               .status = status,
               .cost = request.about.cost,
               .why_not = under_way.why_not,
               .failed = failed});
}

void fetcher::record(run& under_way, const provider::verdict& judged, base::slice body) {
  auto& request = *under_way.request;
  auto fresh = std::make_shared<entry::entry>();
  fresh->about = std::move(request.about);
  auto& about = fresh->about;
  about.stored_at = shared_.clock.seconds();
  about.content_type = under_way.head.content_type;
  for (const auto& [name, value] : under_way.head.fields) {
    for (const auto kept : request.endpoint->wire.kept_headers()) {
      if (base::equal_ignoring_case(name, kept)) about.headers.emplace_back(name, value);
    }
  }
  about.marks = judged.marks;
  about.size = body.size();
  if (about.similar && shared_.similar != nullptr) shared_.similar->complete(*about.similar);
  fresh->body.push_back(std::move(body));
  entry::entry_ptr stored = std::move(fresh);
  request.fill->stored = shared_.store.put(stored);
  if (request.similar && shared_.similar != nullptr) {
    net::spawn(client_.home().get_executor(), learn_from(&shared_, under_way.request, std::move(stored)));
  }
}

/// Sees to it that a call which nobody waits for ends, at once or within the limits.
void fetcher::watch_readers(const std::shared_ptr<run>& under_way) {
  const auto where = client_.home().get_executor();
  const std::weak_ptr<run> weak = under_way;
  under_way->recording().on_detached([this, where, weak] {
    // At the end of the process the call may have gone before its readers, and its loop with it.
    if (weak.expired()) return;
    net::asio::post(where, [this, weak] {
      if (const auto still = weak.lock()) detach(*still);
    });
  });
}

void fetcher::detach(run& under_way) {
  const bool worth_finishing = under_way.request->store && under_way.why_not == uncacheable_reason::none;
  if (!worth_finishing || (!under_way.detached && shared_.detached.load() >= most_detached)) {
    under_way.give_up();
    return;
  }
  if (!under_way.detached) ++shared_.detached;
  under_way.detached = true;
  under_way.detached_limit.arm(longest_detached);
}

}  // namespace refrain::gateway

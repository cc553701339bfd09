#include "gateway/sources/search.h"

#include <algorithm>
#include <ranges>

namespace refrain::gateway {
namespace {

/// A body in one piece, joined in `room` where it is not.
std::string_view whole_of(std::span<const base::slice> pieces, std::string& room) {
  if (pieces.size() == 1) return pieces.front().view();
  for (const auto& one : pieces) room.append(one.view());
  return room;
}

}  // namespace

std::vector<std::size_t> search::missing() const {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (is_missing(i)) all.push_back(i);
  }
  return all;
}

bool search::is_complete() const {
  return std::ranges::none_of(std::views::iota(std::size_t{0}, slots.size()), [this](auto i) { return is_missing(i); });
}

void search::leave() {
  for (const auto& one : readers) {
    if (const auto reader = one.lock()) reader->leave();
  }
}

bool has_form(const ask& what, const entry::entry& stored) {
  // An item of a list has one form, and stands in one piece.
  if (what.list != nullptr) return stored.body.size() == 1;
  return what.wire().can_serve(stored.about.form, stored.about.usage_asked, what.request->form,
                               what.request->wants_usage);
}

bool answer_from_entry(search& of, parts& shared, std::size_t item, entry::entry_ptr stored, std::string_view detail) {
  const auto& about = stored->about;
  const bool fresh = shared.clock.seconds() - about.stored_at < about.ttl;
  found_answer one{.how = fresh ? entry::outcome::hit : entry::outcome::stale, .detail = detail};
  if (of.what.list == nullptr && about.form != of.what.request->form) {
    auto turned = render(of.what, shared, stored->body,
                         {.form = about.form, .body = {}, .marks = about.marks, .suffix = about.id.suffix});
    if (!turned) return false;
    one.turned = std::move(*turned);
  }
  one.entry = std::move(stored);
  of.slots[item].found = std::move(one);
  return true;
}

bool offer(search& of, parts& shared, std::size_t item, entry::entry_ptr stored, std::string_view detail) {
  const cache::lifetime lifetime{stored->about.stored_at, stored->about.ttl};
  const auto age = cache::judge_freshness(lifetime, of.what.directives.freshness, shared.clock.seconds());
  return cache::may_serve(age) && has_form(of.what, *stored) &&
         answer_from_entry(of, shared, item, std::move(stored), detail);
}

base::result<rendered> render(const ask& what, parts& shared, std::span<const base::slice> pieces,
                              provider::recorded recorded) {
  // What is joined here goes with this call: a slow client holds what it is sent, and nothing else.
  std::string room;
  recorded.body = whole_of(pieces, room);
  auto made = what.wire().render(recorded, what.request->form, what.request->wants_usage);
  if (!made) return base::fail(made.error());
  return rendered{std::move(made->content_type), shared.bodies.share(std::move(made->body))};
}

}  // namespace refrain::gateway

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

bool has_form(const ask& request, const entry::entry& stored) {
  // An item of a list has one form, and stands in one piece.
  if (request.list != nullptr) return stored.body.size() == 1;
  return request.wire().can_serve(stored.about.form, stored.about.usage_asked, request.parsed->form,
                                  request.parsed->wants_usage);
}

bool answer_from_entry(search& lookup, parts& shared, std::size_t item, entry::entry_ptr stored,
                       std::string_view detail) {
  const auto& about = stored->about;
  const bool fresh = shared.clock.seconds() - about.stored_at < about.ttl;
  found_answer one{.how = fresh ? entry::outcome::hit : entry::outcome::stale, .detail = detail};
  if (lookup.request.list == nullptr && about.form != lookup.request.parsed->form) {
    auto turned = render(lookup.request, shared, stored->body,
                         {.form = about.form, .body = {}, .marks = about.marks, .suffix = about.id.suffix});
    if (!turned) return false;
    one.turned = std::move(*turned);
  }
  one.entry = std::move(stored);
  lookup.slots[item].found = std::move(one);
  return true;
}

bool offer(search& lookup, parts& shared, std::size_t item, entry::entry_ptr stored, std::string_view detail) {
  const cache::lifetime lifetime{stored->about.stored_at, stored->about.ttl};
  const auto age = cache::judge_freshness(lifetime, lookup.request.directives.freshness, shared.clock.seconds());
  return cache::may_serve(age) && has_form(lookup.request, *stored) &&
         answer_from_entry(lookup, shared, item, std::move(stored), detail);
}

base::result<rendered> render(const ask& request, parts& shared, std::span<const base::slice> pieces,
                              provider::recorded recorded) {
  // What is joined here goes with this call: a slow client holds what it is sent, and nothing else.
  std::string room;
  recorded.body = whole_of(pieces, room);
  auto made = request.wire().render(recorded, request.parsed->form, request.parsed->wants_usage);
  if (!made) return base::fail(made.error());
  return rendered{std::move(made->content_type), shared.bodies.share(std::move(made->body))};
}

}  // namespace refrain::gateway

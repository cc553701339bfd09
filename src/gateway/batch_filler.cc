#include "gateway/batch_filler.h"

#include <algorithm>

#include "base/text.h"

namespace refrain::gateway {
namespace {

using base::errc;

}  // namespace

batch_filler::batch_filler(parts& shared, const provider::batch& wire, std::vector<item_fill> items)
    : shared_(shared), wire_(wire), items_(std::move(items)) {}

batch_filler::~batch_filler() {
  fail({.code = errc::upstream_closed, .context = "the call that was to bring it has brought nothing"});
}

void batch_filler::fail(const base::error& why) {
  for (const auto& one : items_) {
    // Ended before the recording tells: whoever is told that it failed must not join it again.
    shared_.fills.end(*one.fill);
    one.fill->recording->fail(why);
  }
  items_.clear();
}

void batch_filler::take(const entry::answer_head& head, std::string_view body, const provider::verdict& judged,
                        std::optional<entry::micro_usd> /*cost*/, bool storable) {
  auto texts = wire_.take_apart(body, items_.size());
  if (!texts) {
    fail(texts.error());
    return;
  }
  const auto tokens = share_out(judged.usage.input.value_or(0), items_);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    auto& usage = items_[i].about.usage;
    if (judged.usage.input) usage.input = tokens[i];
    if (judged.usage.output) usage.output = 0;
    fill_item(items_[i], head, base::slice{std::move((*texts)[i])}, storable);
  }
  items_.clear();
}

void batch_filler::fill_item(item_fill& one, const entry::answer_head& head, base::slice body, bool storable) {
  auto fresh = std::make_shared<entry::entry>();
  fresh->about = one.about;
  auto& about = fresh->about;
  about.stored_at = shared_.clock.seconds();
  about.content_type = head.content_type;
  about.cost = shared_.prices.cost(about.upstream, about.model, about.usage);
  about.size = body.size();
  fresh->body.push_back(body);

  auto& fill = *one.fill;
  fill.cost = about.cost;
  fill.usage = about.usage;
  if (storable && !shared_.purges.dead(about)) shared_.store.put(std::move(fresh));
  shared_.fills.end(fill);
  fill.recording->begin(head);
  fill.recording->append(std::move(body), 0, {});
  fill.recording->complete();
}

std::vector<std::uint64_t> share_out(std::uint64_t total, std::span<const item_fill> among) {
  std::uint64_t weights = 0;
  for (const auto& one : among) weights += one.weight;
  std::vector<std::uint64_t> shares;
  // Each gets what the running sum has grown by, so that nothing is lost to rounding.
  std::uint64_t given = 0;
  std::uint64_t passed = 0;
  for (const auto& one : among) {
    passed += one.weight;
    const auto until = static_cast<std::uint64_t>(static_cast<unsigned __int128>(total) * passed /
                                                  std::max<std::uint64_t>(weights, 1));
    shares.push_back(until - given);
    given = until;
  }
  return shares;
}

}  // namespace refrain::gateway

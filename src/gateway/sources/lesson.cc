#include "gateway/sources/lesson.h"

#include <optional>
#include <string>
#include <utility>

#include "gateway/shared/similar_answers.h"

namespace refrain::gateway {
namespace {

std::optional<std::string> text_of(const provider::dialect& wire, const entry::entry& from) {
  const auto body = from.whole_body();
  return wire.answer_text({.form = from.about.form, .body = body, .marks = from.about.marks});
}

/// Whether the stored answer says another thing than the fresh one. What cannot be told counts as different.
net::task<bool> differ(similar_answers& similar, std::string route, std::string stored, std::string fresh) {
  const auto one = co_await similar.encode(stored);
  const auto other = co_await similar.encode(fresh);
  const auto cosine = one && other ? std::optional{semantic::cosine_of(*one, *other)} : std::nullopt;
  co_return similar.judge(route, stored, fresh, cosine).is != semantic::sameness::same;
}

}  // namespace

net::task<> learn_from(parts* shared, std::shared_ptr<const upstream_request> call, entry::entry_ptr fresh) {
  auto& similar = *shared->similar;
  const auto& mine = *call->similar;
  auto found = mine.found;
  if (!found) found = co_await similar.find(*mine.asked, fresh->about.id.digest);
  if (!found->is_lesson()) co_return;
  auto id = fresh->about.id;
  id.digest = found->nearest->stored->entry;
  const auto stored = co_await shared->store.get(std::move(id));
  if (!stored || !*stored) {
    similar.stored().erase(found->nearest->stored->entry);
    co_return;
  }
  auto was = text_of(call->endpoint->wire, **stored);
  auto is = text_of(call->endpoint->wire, *fresh);
  if (!was || !is) co_return;
  const bool different = co_await differ(similar, mine.asked->whose.route, *std::move(was), *std::move(is));
  similar.matcher().learn(*mine.asked, *found->nearest, different);
}

}  // namespace refrain::gateway

#include "redis/diagnosis_sentinel.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "base/text.h"
#include "redis/faults.h"

namespace refrain::redis {
namespace {

constexpr std::string_view check = "redis sentinel";

/// The names of the services that SENTINEL MASTERS lists, each a map of fields.
std::string names_of(const reply& masters) {
  std::vector<std::string> names;
  for (const auto& one : masters.items) {
    for (std::size_t i = 0; i + 1 < one.items.size(); i += 2) {
      if (one.items[i].text == "name") names.push_back(base::shorten(one.items[i + 1].text, 100));
    }
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

finding refused(std::string_view place, const reply& said) {
  if (said.text.contains("unknown command")) {
    return {.check = std::string{check},
            .what = condition::fault,
            .text = fmt::format("{} is a server and was taken for a Sentinel", place),
            .remedy =
                "give the Sentinels' addresses (their port is 26379 unless they say else), or write redis:// for the "
                "server itself"};
  }
  return from_sentence(std::string{check}, condition::fault, place, judge_error(said.text).sentence);
}

finding unknown_service(std::string_view place, std::string_view service, const reply& masters) {
  return {.check = std::string{check},
          .what = condition::fault,
          .text = fmt::format("{} knows no service {}", place, service),
          .remedy = fmt::format("it knows {}: mend REDIS_SERVICE_NAME, or the name after the host in the URL",
                                names_of(masters))};
}

/// NOQUORUM: too few Sentinels to agree, or to elect the one that acts.
std::optional<finding> judge_quorum(std::string_view place, const reply& said) {
  if (said.error_class() != "NOQUORUM") return std::nullopt;
  return finding{.check = std::string{check},
                 .what = condition::warning,
                 .text = fmt::format("{} sees too few other Sentinels to move the primary when it fails", place),
                 .remedy = "bring the others back, or lower the quorum of SENTINEL MONITOR"};
}

}  // namespace

net::task<sentinel_answer> ask_sentinel(std::shared_ptr<link> over, std::string service, std::string place) {
  commands what{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", service};
  what.add({"SENTINEL", "MASTERS"}).add({"SENTINEL", "CKQUORUM", service});
  const auto said = co_await over->call(std::move(what));
  sentinel_answer answer;
  if (!said) {
    answer.seen.push_back(
        {std::string{check}, condition::fault, said.error().context, "look at the Sentinel's own log"});
    co_return answer;
  }
  const auto& where = said->front();
  if (where.is(reply_kind::error)) {
    answer.seen.push_back(refused(place, where));
  } else if (where.items.size() != 2) {
    answer.seen.push_back(unknown_service(place, service, (*said)[1]));
  } else {
    const auto port = base::to_integer<std::uint16_t>(where.items[1].text).value_or(0);
    answer.primary = base::endpoint{.host = where.items[0].text, .port = port};
    answer.seen.push_back(
        {.check = std::string{check},
         .text = fmt::format("{} names {} as the primary of {}", place, answer.primary->to_string(), service)});
    if (auto few = judge_quorum(place, said->back())) answer.seen.push_back(*std::move(few));
  }
  co_return answer;
}

}  // namespace refrain::redis

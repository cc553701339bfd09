#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "base/text.h"
#include "redis/diagnosis_parts.h"
#include "redis/faults.h"

namespace refrain::redis {
namespace {

constexpr const char* check = "redis sentinel";

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
    return finding::fault(check, fmt::format("{} is a server and was taken for a Sentinel", place),
                          "give the Sentinels' addresses (their port is 26379 unless they say else), or write redis:// "
                          "for the server itself");
  }
  return from_sentence(check, condition::fault, place, judge_error(said.text).sentence);
}

sentinel_answer no_primary(finding why) { return {.primary = {}, .seen = {std::move(why)}}; }

}  // namespace

net::task<sentinel_answer> ask_sentinel(std::shared_ptr<link> over, std::string service, std::string place) {
  commands what{"SENTINEL", "GET-MASTER-ADDR-BY-NAME", service};
  what.add({"SENTINEL", "MASTERS"}).add({"SENTINEL", "CKQUORUM", service});
  const auto said = co_await over->call(std::move(what));
  if (!said) co_return no_primary(finding::fault(check, said.error().context, "look at the Sentinel's own log"));
  const auto& where = said->front();
  if (where.is(reply_kind::error)) co_return no_primary(refused(place, where));
  if (where.items.size() != 2) {
    co_return no_primary(
        finding::fault(check, fmt::format("{} knows no service {}", place, service),
                       fmt::format("it knows {}: mend REDIS_SERVICE_NAME, or the name after the host in the URL",
                                   names_of((*said)[1]))));
  }
  const auto port = base::to_integer<std::uint16_t>(where.items[1].text).value_or(0);
  const base::endpoint primary{.host = where.items[0].text, .port = port};
  findings seen{
      finding::ok(check, fmt::format("{} names {} as the primary of {}", place, primary.to_string(), service))};
  // Too few to agree that the primary is down, or to elect the one that acts.
  if (said->back().error_class() == "NOQUORUM") {
    seen.push_back(
        finding::warning(check, fmt::format("{} sees too few other Sentinels to move the primary when it fails", place),
                         "bring the others back, or lower the quorum of SENTINEL MONITOR"));
  }
  co_return sentinel_answer{.primary = primary, .seen = std::move(seen)};
}

}  // namespace refrain::redis

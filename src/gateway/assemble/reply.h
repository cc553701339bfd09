#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cache/status.h"
#include "entry/money.h"
#include "entry/outcome.h"
#include "entry/recording.h"
#include "gateway/ask/ask.h"
#include "gateway/shared/meters.h"
#include "http/exchange.h"

namespace refrain::gateway {

/// What a client gets, before any of it is sent: a value, without a socket.
struct reply {
  http::reply_head head;
  entry::outcome outcome = entry::outcome::bypass;
  item_counts items{};                      ///< what was at hand, and what had to be fetched
  std::optional<entry::micro_usd> saved{};  ///< what the items at hand would have cost
  std::optional<base::errc> refused{};      ///< set: an error of the gateway's own
  bool closes = false;                      ///< the connection ends with it
  std::string similar_to{};                 ///< of a semantic hit: the question that was answered before, shortened

  // The body: bytes that are at hand, or a recording that may still grow.
  std::vector<std::string_view> pieces{};
  std::shared_ptr<const void> owner{};                             ///< keeps `pieces` alive
  unsigned pace = 0;                                               ///< events of `pieces` a second; 0: all at once
  std::shared_ptr<entry::recording::reader> recording{};           ///< set: in place of `pieces`
  std::optional<std::uint64_t> length{};                           ///< of the recording, where the upstream has said it
  bool skips_usage = false;                                        ///< its usage events are left out
  std::shared_ptr<const std::optional<entry::micro_usd>> saves{};  ///< what the recording saves, once it is whole
};

/// An error in the provider's own shape. Refusals that no repetition would mend say so to SDKs (`x-should-retry:
/// false`), or they would ask three times. For a request that has been parsed it says of the cache what every answer of
/// its endpoint does. `freshness` is that of the entry which was there.
[[nodiscard]] reply refusal(const ask& request, const base::error& why,
                            std::optional<cache::freshness> freshness = std::nullopt);

/// Adds what every answer of a cached endpoint says of the cache: x-refrain-cache, x-refrain-key, Cache-Status, and
/// Cache-Control toward outer proxies. The one place for headers of our own.
void add_cache_fields(reply& to, const cache::cache_status& status);

/// Lets the web page that asks read the answer, where server.origins lists its origin (Fetch standard, CORS protocol).
void open_to_origin(http::reply_head& head, const ask& request);

/// What such a page may send: whatever it asks for.
[[nodiscard]] reply answer_to_preflight(const ask& request);

/// The head of an upstream's answer for a client: its fields less those that the gateway sets anew. `kept_only`, on
/// cached endpoints: those that are stored with an entry, and those without which the answer cannot be read, as a
/// follower must not get what was meant for the leader (cookies, limits).
[[nodiscard]] http::reply_head head_of_answer(const ask& request, const entry::answer_head& from, bool kept_only);

}  // namespace refrain::gateway

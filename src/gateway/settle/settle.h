#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "entry/money.h"
#include "entry/outcome.h"
#include "gateway/ask/ask.h"
#include "gateway/shared/meters.h"
#include "gateway/shared/parts.h"

namespace refrain::gateway {

/// How a request ended, as its client saw it.
struct request_end {
  entry::outcome outcome = entry::outcome::bypass;
  std::optional<base::errc> refused{};      ///< set: the answer is an error of the gateway's own
  item_counts items{};                      ///< what was at hand, and what had to be fetched
  std::optional<entry::micro_usd> saved{};  ///< what the items at hand would have cost
  int status = 0;                           ///< 0: nothing was sent
  std::uint64_t bytes = 0;                  ///< of the body
  std::string_view similar_to{};            ///< of a semantic hit: see reply::similar_to
  std::chrono::nanoseconds took{};
};

/// How an upstream call ended.
struct call_end {
  ledger::payer payer{};
  std::string_view upstream;
  std::string_view model;
  entry::cache_type type = entry::cache_type::llm;
  entry::outcome asked = entry::outcome::miss;
  std::uint64_t items = 1;                 ///< that it asked for
  int status = 0;                          ///< of the answer, whole or not; 0: there was none
  std::optional<entry::micro_usd> cost{};  ///< of the answer, where it is known
  entry::uncacheable_reason why_not = entry::uncacheable_reason::none;  ///< of an answer that was not recorded
  std::optional<base::errc> failed{};                                   ///< it brought no whole answer
};

// What each end of a request, or of an upstream call, does to ledger, metrics and log stands here, and nowhere else.

/// A request has ended, refused ones too: of those, `request` holds as much as was known by then.
void settle_request(parts& shared, const ask& request, const request_end& end);

/// An upstream call has ended.
void settle_call(parts& shared, const call_end& end);

}  // namespace refrain::gateway

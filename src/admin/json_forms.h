#pragma once

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>
#include <string>
#include <string_view>

#include "admin/reply.h"
#include "base/clock.h"
#include "config/load.h"
#include "entry/store.h"
#include "ledger/totals.h"

namespace refrain::admin {

/// An answer that holds this.
[[nodiscard]] reply json_reply(const boost::json::object& form);

/// "2026-11-22T08:49:37Z" (RFC 3339).
[[nodiscard]] std::string iso_8601(base::sys_seconds at);
/// "2026-11-22", for days since 1970-01-01.
[[nodiscard]] std::string iso_8601_day(std::int64_t day);

/// A text as base::to_utf8 gives it.
[[nodiscard]] boost::json::string text_form(std::string_view text);

/// An entry as a line of a listing.
[[nodiscard]] boost::json::object form_of(const entry::meta& about, base::sys_seconds now);

/// A store with its tiers.
[[nodiscard]] boost::json::object form_of(const entry::store_status& store);

/// Requests, hits, outcomes and money of a tally. Money is a text in dollars and an integer in micro-dollars.
[[nodiscard]] boost::json::object form_of(const ledger::tally& sum);

/// The sums of all rows, and `rows` by type, upstream and model.
[[nodiscard]] boost::json::object form_of(const ledger::totals& all);

/// A setting as it stands; secrets are masked.
[[nodiscard]] boost::json::object form_of(const config::shown_setting& one);

}  // namespace refrain::admin

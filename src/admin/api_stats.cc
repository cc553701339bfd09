#include <boost/json/array.hpp>
#include <chrono>
#include <map>

#include "admin/json_forms.h"
#include "admin/routes.h"

namespace refrain::admin {
namespace {

constexpr std::int64_t usual_days = 30;
constexpr std::int64_t most_days = 3660;

/// What the store has kept: all days together, and each day that had requests.
boost::json::object kept_form(const entry::counter_deltas& kept, std::int64_t first_day, std::int64_t today) {
  ledger::totals all;
  std::map<std::int64_t, ledger::totals> days;
  for (const auto& one : kept) {
    // Those of tomorrow come from a clock that is ahead; counters of another kind are not ours to show.
    if (ledger::add_counter(all, one)) ledger::add_counter(days[one.day], one);
  }
  boost::json::array by_day;
  for (const auto& [day, sums] : days) {
    auto row = form_of(sums.all());
    row["day"] = iso_8601_day(day);
    by_day.emplace_back(std::move(row));
  }
  auto form = form_of(all);
  form["from"] = iso_8601_day(first_day);
  form["to"] = iso_8601_day(today);
  form["by_day"] = std::move(by_day);
  return form;
}

}  // namespace

handled show_stats(const view& gateway, api_call call) {
  const auto days = call.query.number("days", usual_days, 1, most_days);
  if (!days) co_return base::fail(days.error());
  const auto now = gateway.clock.seconds();
  const auto today = std::int64_t{std::chrono::floor<std::chrono::days>(now).time_since_epoch().count()};
  const auto first_day = today - *days + 1;
  const auto kept = co_await gateway.store.counters().since(first_day);

  auto since_start = form_of(gateway.money.snapshot());
  const auto uptime = std::chrono::floor<std::chrono::seconds>(gateway.clock.steady() - gateway.started);
  since_start["since"] = iso_8601(now - uptime);
  boost::json::object form{{"days", *days}};
  form["since_start"] = std::move(since_start);
  form["kept"] = kept_form(kept.value_or(entry::counter_deltas{}), first_day, today);
  // A store that is away is no reason to say nothing: here is where it shows.
  if (!kept) form["kept_fault"] = kept.error().context;
  co_await gateway.store.catalogue().measure();
  form["store"] = form_of(gateway.store.status());
  co_return json_reply(form);
}

}  // namespace refrain::admin

#include "mock/behaviour.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/text.h"
#include "mock/dice.h"

namespace refrain::mock {
namespace {

constexpr std::string_view prefix = "x-mock-";

template <class Number>
bool read(std::string_view text, Number& into) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), into);
  return fault == std::errc{} && end == text.data() + text.size();
}

template <class Number>
bool read(std::string_view text, std::optional<Number>& into) {
  return read(text, into.emplace());
}

bool read(std::string_view text, std::chrono::milliseconds& into) {
  std::uint32_t count = 0;
  if (!read(text, count)) return false;
  into = std::chrono::milliseconds(count);
  return true;
}

bool read(std::string_view text, std::string& into) {
  into = text;
  return !text.empty();
}

bool read(std::string_view text, bool& into) {
  into = text == "1" || text == "true";
  return into || text == "0" || text == "false";
}

bool read(std::string_view text, reset_point& into) {
  if (text == "before-head") into = reset_point::before_head;
  if (text == "after-head") into = reset_point::after_head;
  if (text == "mid-body") into = reset_point::mid_body;
  return into != reset_point::none;
}

template <auto Member>
bool set(behaviour& into, std::string_view value) {
  return read(value, into.*Member);
}

bool set_status(behaviour& into, std::string_view value) {
  return read(value, into.status) && into.status >= 200 && into.status <= 599;
}

bool set_chunk(behaviour& into, std::string_view value) {
  return read(value, into.tokens_per_chunk) && into.tokens_per_chunk > 0;
}

/// What follows "x-mock-", and what it sets.
struct control {
  std::string_view name;
  bool (*apply)(behaviour&, std::string_view);
};

constexpr control controls[] = {
    {"latency-ms", set<&behaviour::latency>},
    {"gap-ms", set<&behaviour::gap>},
    {"status", set_status},
    {"retry-after", set<&behaviour::retry_after>},
    {"truncate", set<&behaviour::truncate>},
    {"stall", set<&behaviour::stall>},
    {"reset", set<&behaviour::reset>},
    {"error-event", set<&behaviour::error_event>},
    {"finish", set<&behaviour::finish>},
    {"bytes", set<&behaviour::text_bytes>},
    {"chunk", set_chunk},
    {"tools", set<&behaviour::tool_calls>},
    {"encoding", set<&behaviour::encoding>},
    {"until-close", set<&behaviour::until_close>},
    {"no-usage", set<&behaviour::no_usage>},
    {"no-done", set<&behaviour::no_done>},
    {"missing", set<&behaviour::items_missing>},
    {"reversed", set<&behaviour::items_reversed>},
};

bool names_fault(const behaviour& asked) {
  return asked.status != 200 || asked.truncate || asked.stall || asked.reset != reset_point::none || asked.error_event;
}

/// At most one fault a call. Every chance is drawn each time, so that one rate does not shift another's calls.
void draw_fault(const options& rates, dice& chance, behaviour& into) {
  const bool fails = chance.share() < rates.error_rate;
  const bool truncates = chance.share() < rates.truncate_rate;
  const bool stalls = chance.share() < rates.stall_rate;
  const bool resets = chance.share() < rates.reset_rate;
  const double where = chance.share();
  if (fails) {
    into.status = rates.error_status;
  } else if (truncates) {
    into.truncate_share = where;
  } else if (stalls) {
    into.stall = static_cast<std::size_t>(where * 8);
  } else if (resets) {
    into.reset = where < 1. / 3   ? reset_point::before_head
                 : where < 2. / 3 ? reset_point::after_head
                                  : reset_point::mid_body;
  }
}

base::result<void> apply(const header& field, behaviour& into) {
  const std::string_view name = field.name;
  if (!base::starts_with_ignoring_case(name, prefix)) return {};
  const auto suffix = name.substr(prefix.size());
  const auto row =
      std::ranges::find_if(controls, [&](const control& one) { return base::equal_ignoring_case(one.name, suffix); });
  if (row == std::end(controls)) {
    return base::fail(base::errc::bad_directive, fmt::format("{} is not a control of the mock", name));
  }
  if (!row->apply(into, field.value)) {
    return base::fail(base::errc::bad_directive, fmt::format("{} does not take \"{}\"", name, field.value));
  }
  return {};
}

}  // namespace

base::result<behaviour> behaviour_of(const options& defaults, const std::vector<header>& headers, std::uint64_t call) {
  behaviour decided{.latency = defaults.latency,
                    .gap = defaults.gap,
                    .text_bytes = defaults.text_bytes,
                    .tokens_per_chunk = std::max<std::size_t>(defaults.tokens_per_chunk, 1)};
  for (const auto& field : headers) {
    TRY(apply(field, decided));
  }
  if (!names_fault(decided)) {
    dice chance(defaults.seed, call);
    draw_fault(defaults, chance, decided);
  }
  return decided;
}

}  // namespace refrain::mock

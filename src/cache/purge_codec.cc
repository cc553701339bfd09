#include <boost/json.hpp>

#include <algorithm>
#include <array>

#include "cache/purge.h"

namespace refrain::cache {
namespace {

namespace json = boost::json;

struct text_member {
  const char* name;
  std::string entry::selector::* member;
};

constexpr std::array text_members{
    text_member{"upstream", &entry::selector::upstream},
    text_member{"model", &entry::selector::model},
    text_member{"tag", &entry::selector::tag},
    text_member{"tenant", &entry::selector::tenant},
    text_member{"namespace", &entry::selector::name_space},
    text_member{"level", &entry::selector::level},
    text_member{"text", &entry::selector::text},
};

std::unexpected<base::error> wrong(std::string_view member) {
  return base::fail(base::errc::store_corrupt, "purge record: " + std::string(member) + " is missing or wrong");
}

base::result<base::sys_seconds> read_time(const json::value* value) {
  const auto* seconds = value == nullptr ? nullptr : value->if_int64();
  constexpr std::int64_t latest = 253'402'300'799;  // 9999-12-31T23:59:59Z
  if (seconds == nullptr || *seconds < 0 || *seconds > latest) return wrong("time");
  return base::sys_seconds{std::chrono::seconds{*seconds}};
}

/// Reads a member that is a text. False where it is none, or not known.
bool read_text(std::string_view name, const json::value& value, entry::selector& selection) {
  if (!value.is_string()) return false;
  const std::string_view text{value.get_string()};
  if (name == "digest") return (selection.digest = base::digest256::from_hex(text)).has_value();
  if (name == "type") return (selection.type = entry::cache_type_from(text)).has_value();
  const auto* const known = std::ranges::find_if(text_members, [&](const auto& row) { return name == row.name; });
  if (known == text_members.end()) return false;
  selection.*(known->member) = text;
  return true;
}

/// A record that selects by something unknown would kill too much: it is refused as a whole.
base::result<entry::selector> read_selector(const json::object& from) {
  entry::selector selection;
  for (const auto& [name, value] : from) {
    if (name == "stored_before") {
      selection.stored_before = TRY(read_time(&value));
    } else if (!read_text(name, value, selection)) {
      return wrong(name);
    }
  }
  return selection;
}

}  // namespace

std::string encode(const purge_record& record) {
  json::object selection;
  if (record.what.digest) selection["digest"] = record.what.digest->hex();
  if (record.what.type) {
    const auto name = entry::to_string(*record.what.type);
    selection["type"] = json::string_view(name.data(), name.size());
  }
  for (const auto& [name, member] : text_members) {
    const std::string& text = record.what.*member;
    if (!text.empty()) selection[name] = text;
  }
  if (record.what.stored_before) selection["stored_before"] = record.what.stored_before->time_since_epoch().count();
  return json::serialize(json::object{
      {"number", record.number}, {"until", record.until.time_since_epoch().count()}, {"what", std::move(selection)}});
}

base::result<purge_record> decode_purge_record(std::string_view text) {
  json::error_code fault;
  const json::parse_options options{.max_depth = 8, .allow_invalid_utf8 = true};
  const auto value = json::parse(json::string_view(text.data(), text.size()), fault, {}, options);
  if (fault || !value.is_object()) return wrong("object");
  const auto& object = value.get_object();

  const auto* number = object.if_contains("number");
  const auto parsed = number == nullptr ? 0 : number->to_number<std::uint64_t>(fault);
  if (number == nullptr || fault || parsed == 0) return wrong("number");
  auto until = TRY(read_time(object.if_contains("until")));
  const auto* what = object.if_contains("what");
  if (what == nullptr || !what->is_object()) return wrong("what");
  auto selector = TRY(read_selector(what->get_object()));
  return purge_record{.number = parsed, .what = std::move(selector), .until = until};
}

}  // namespace refrain::cache

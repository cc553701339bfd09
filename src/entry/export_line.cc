#include "entry/export_line.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>

#include "base/base64.h"
#include "base/utf8.h"
#include "entry/codec.h"

namespace refrain::entry {
namespace {

namespace json = boost::json;

std::unexpected<base::error> refuse(std::string why) {
  return base::fail(base::errc::malformed_request, std::move(why));
}

/// A member's text; nothing where it is no string.
std::optional<std::string_view> text_of(const json::object& line, std::string_view name) {
  const auto* const value = line.if_contains({name.data(), name.size()});
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view{value->get_string().data(), value->get_string().size()};
}

std::optional<std::string> meta_text(const json::object& line) {
  const auto* const value = line.if_contains("meta");
  if (value == nullptr || !value->is_object()) return std::nullopt;
  return json::serialize(*value);
}

base::result<std::string> read_body(const json::object& line) {
  const auto body = text_of(line, "body");
  const auto encoding = text_of(line, "body_encoding");
  if (!body || !encoding) return refuse("body or body_encoding is missing");
  if (*encoding == "utf-8") return std::string{*body};
  if (*encoding != "base64") return refuse("body_encoding is neither utf-8 nor base64");
  auto bytes = base::base64_decode(*body);
  if (!bytes) return refuse("the body is no base64");
  return *std::move(bytes);
}

base::result<void> check_version(const json::object& line) {
  const auto* const version = line.if_contains("version");
  json::error_code fault;
  const auto number = version == nullptr ? 0 : version->to_number<std::int64_t>(fault);
  if (version == nullptr || fault) return refuse("it has no version: is it a line of an export?");
  if (number == export_version) return {};
  return refuse(fmt::format("it is of version {}, and this Refrain reads version {}", number, export_version));
}

}  // namespace

std::string to_export_line(const entry& from, std::string_view key_id) {
  const auto body = from.whole_body();
  const bool text = base::is_utf8(body);
  std::string line = fmt::format(R"({{"version":{},"key_id":"{}","meta":)", export_version, key_id);
  line += encode(from.about);
  line += fmt::format(R"(,"body_encoding":"{}","body":)", text ? "utf-8" : "base64");
  line += text ? json::serialize(json::string_view{body.data(), body.size()}) : '"' + base::base64_encode(body) + '"';
  line += '}';
  return line;
}

base::result<exported> read_export_line(std::string_view line) {
  json::error_code fault;
  const auto parsed = json::parse({line.data(), line.size()}, fault);
  if (fault || !parsed.is_object()) return refuse("it is no JSON object");
  const auto& members = parsed.get_object();
  TRY(check_version(members));
  const auto key_id = text_of(members, "key_id");
  if (!key_id) return refuse("key_id is missing");
  const auto meta = meta_text(members);
  if (!meta) return refuse("meta is missing or wrong");
  auto about = decode_meta(*meta);
  if (!about) return refuse(about.error().context);
  auto body = TRY(read_body(members));
  if (body.size() != about->size) {
    return refuse(fmt::format("its body has {} bytes, and its meta says {}", body.size(), about->size));
  }
  exported read{.key_id = std::string{*key_id}, .content = {.about = *std::move(about)}};
  read.content.body.emplace_back(std::move(body));
  return read;
}

}  // namespace refrain::entry

#include "mock/proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "base/digest.h"
#include "mock/dice.h"
#include "mock/json.h"

namespace refrain::mock {
namespace {

constexpr std::array<std::string_view, 9> without_effect = {"stream",   "stream_options",    "user",
                                                            "metadata", "safety_identifier", "prompt_cache_key",
                                                            "store",    "service_tier",      "cache"};

void write(const json::value& value, std::string& out);

/// As Python's repr spells a float: the shortest digits that read back, an exponent below 1e-4 and from 1e16.
void write(double number, std::string& out) {
  if (std::nearbyint(number) == number) {
    fmt::format_to(std::back_inserter(out), "{:.0f}", number == 0 ? 0 : number);
    return;
  }
  const bool exponent = std::fabs(number) < 1e-4 || std::fabs(number) >= 1e16;
  std::array<char, 64> text;
  const auto [end, fault] = std::to_chars(text.data(), text.data() + text.size(), number,
                                          exponent ? std::chars_format::scientific : std::chars_format::fixed);
  out.append(text.data(), end);
}

void write(const json::object& object, std::string& out) {
  std::vector<const json::key_value_pair*> members;
  for (const auto& member : object) members.push_back(&member);
  std::ranges::sort(members, {}, [](const auto* member) { return std::string_view(member->key()); });
  out += '{';
  for (const auto* member : members) {
    if (out.back() != '{') out += ',';
    out += json::serialize(json::string(member->key()));
    out += ':';
    write(member->value(), out);
  }
  out += '}';
}

void write(const json::array& array, std::string& out) {
  out += '[';
  for (const auto& item : array) {
    if (&item != array.data()) out += ',';
    write(item, out);
  }
  out += ']';
}

void write(const json::value& value, std::string& out) {
  switch (value.kind()) {
    case json::kind::object: return write(value.get_object(), out);
    case json::kind::array: return write(value.get_array(), out);
    case json::kind::double_: return write(value.get_double(), out);
    case json::kind::string:
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::bool_:
    case json::kind::null: out += json::serialize(value);
  }
}

}  // namespace

std::string proof_of(const std::vector<form_field>& form) {
  json::object fields;
  for (const auto& field : form) {
    json::value value(field.is_file ? base::sha256(field.bytes).hex() : field.bytes);
    auto* const known = fields.if_contains(field.name);
    if (known == nullptr) {
      fields[field.name] = std::move(value);
    } else if (auto* const list = known->if_array()) {
      list->push_back(std::move(value));
    } else {
      *known = json::array{std::move(*known), std::move(value)};
    }
  }
  return proof_of(json::serialize(fields)).value_or("");
}

std::optional<std::string> proof_of(std::string_view body) {
  auto request = parse_json(body);
  if (!request || !request->is_object()) return std::nullopt;
  return proof_of_members(std::move(request->get_object()));
}

std::string proof_of_members(json::object request) {
  for (const auto name : without_effect) request.erase(name);
  std::string text;
  write(request, text);
  return base::sha256(text).hex().substr(0, 16);
}

std::vector<float> embedding_of(const json::value& input, std::string_view model, std::int64_t dimensions) {
  const auto proof = proof_of_members({{"input", input}, {"model", model}});
  dice pick(std::stoull(proof, nullptr, 16), 0);
  std::vector<float> vector;
  for (std::int64_t i = 0; i < dimensions; ++i) {
    vector.push_back(static_cast<float>(static_cast<int>(pick.share() * 2048) - 1024) / 2048);
  }
  return vector;
}

}  // namespace refrain::mock

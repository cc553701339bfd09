// Canonical JSON against a second reader. Whatever is taken is JSON to both; writing it anew gives the same canonical
// bytes; and the bytes hold together when they are walked.

#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "provider/json/canonical.h"
#include "provider/json/json_tree.h"

using namespace refrain::provider;

namespace {

/// Bytes of all that is in a value, counted by walking it.
std::size_t walk(const canonical_value& value) {
  std::size_t size = 0;
  for (auto left = value.elements(); const auto element = left.next();) size += walk(*element);
  std::string_view last;
  bool first = true;
  for (auto left = value.members(); const auto member = left.next();) {
    if (!first && !(last < member->name)) std::abort();
    first = false;
    last = member->name;
    size += 4 + member->name.size() + walk(member->value);
  }
  const bool holds_others = value.is(json_kind::array) || value.is(json_kind::object);
  if (holds_others && size + 5 != value.bytes().size()) std::abort();
  return value.bytes().size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  const auto value = canonicaliser::of_thread().read(input);
  boost::json::error_code fault;
  boost::json::parse_options options;
  options.max_depth = 2 * max_json_depth;
  boost::json::parse(boost::json::string_view{input.data(), input.size()}, fault, {}, options);
  if (!value) {
    // What only the other reader takes must have been refused as something else than broken.
    if (!fault && value.error() == refrain::entry::uncacheable_reason::malformed_body) {
      const auto first = input.find_first_not_of(" \t\r\n");
      if (first != std::string_view::npos && (input[first] == '{' || input[first] == '[')) std::abort();
    }
    return 0;
  }
  // A number that overflows a double is an error to the other reader, and none to us.
  if (fault && fault != boost::json::error::exponent_overflow) std::abort();
  walk(*value);

  const std::string before{value->bytes()};
  const auto tree = json_tree::parse(input);
  if (!tree) std::abort();
  std::string again;
  tree->write(again);
  const auto second = canonicaliser::of_thread().read(again);
  if (!second || second->bytes() != before) std::abort();
  return 0;
}

// Reads arbitrary header lines as a request's directives. Whatever they say, no directive leaves its bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "cache/directives.h"
#include "cache/key.h"
#include "cache/policy.h"

namespace {

using refrain::http::field;

/// One field a line: the name, a colon, the value.
std::vector<field> fields_of(std::string_view text) {
  std::vector<field> fields;
  while (!text.empty() && fields.size() < 100) {
    const auto line = text.substr(0, text.find('\n'));
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) fields.push_back({line.substr(0, colon), line.substr(colon + 1)});
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
  }
  return fields;
}

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace refrain;
  using std::chrono::seconds;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto fields = fields_of(text);

  const auto asked = cache::read_directives(fields, {}, false);
  if (asked) {
    demand(asked->name_space.empty() || cache::is_visible_name(asked->name_space, cache::longest_namespace));
    demand(asked->tags.size() <= cache::most_tags);
    demand(!asked->threshold || (*asked->threshold >= 0 && *asked->threshold <= 1));
    demand(!asked->ttl || *asked->ttl >= seconds{0});
    const config::settings::cache_section rules;
    const auto made = cache::decide(rules, entry::cache_type::llm, {}, *asked);
    demand(made.ttl >= seconds{0} && made.ttl <= rules.ttl_ceiling);
    demand(!made.store || made.ttl > seconds{0});
  } else {
    demand(asked.error().code == base::errc::bad_directive && !asked.error().context.empty());
  }

  const cache::key_maker make{{}};
  const auto key = make({.endpoint = "fuzz", .path = "/", .query = text, .headers = fields});
  demand(key == make({.endpoint = "fuzz", .path = "/", .query = text, .headers = fields}));
  return 0;
}

#include "provider/json/forwarded_body.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/padded_parser.h"

namespace refrain::provider {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view white_space = " \t\r\n";

/// Replaces the bytes [begin, end) of the body.
struct edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view text;
};

/// A value as it stands in the body; for arrays and objects the token is their opening bracket.
struct value_position {
  std::size_t begin = 0;
  std::string_view token;
};

/// Where the members stand that may have to change.
struct layout {
  std::optional<edit> cache_cut;                ///< LiteLLM's member with its comma
  std::optional<value_position> options;        ///< value of `stream_options`
  std::optional<value_position> include_usage;  ///< value in it
  bool options_are_empty = true;
};

/// Walks the top level of a body that read_openai_chat_request has found to be right.
class layout_reader {
 public:
  /// Nothing where the body is not an object after all.
  std::optional<layout> read(std::string_view body) {
    body_ = body;
    ondemand::document document;
    ondemand::object object;
    if (parser_.open(body).get(document) || document.get_object().get(object)) return std::nullopt;
    auto found = read_members(object);
    parser_.trim();
    return found;
  }

 private:
  std::optional<layout> read_members(ondemand::object& object) {
    layout found;
    bool cut_ends_here = false;
    for (auto item : object) {
      ondemand::field field;
      if (std::move(item).get(field)) return std::nullopt;
      const std::size_t begin = parser_.offset_of(field.key().raw()) - 1;
      if (std::exchange(cut_ends_here, false)) found.cache_cut->end = begin;
      std::string_view name;
      if (field.unescaped_key().get(name)) return std::nullopt;
      const value_position value = position_of(field.value());
      if (name == "cache" && value.token.starts_with('{')) {
        found.cache_cut = edit{.begin = begin};
        cut_ends_here = true;
      } else if (name == "stream_options") {
        found.options = value;
        if (value.token.starts_with('{') && !read_options(field.value(), found)) return std::nullopt;
      }
    }
    if (cut_ends_here) found.cache_cut = cut_last(found.cache_cut->begin);
    return found;
  }

  bool read_options(ondemand::value& options, layout& found) {
    ondemand::object object;
    if (options.get_object().get(object)) return false;
    for (auto item : object) {
      ondemand::field field;
      std::string_view name;
      if (std::move(item).get(field) || field.unescaped_key().get(name)) return false;
      found.options_are_empty = false;
      if (name == "include_usage") found.include_usage = position_of(field.value());
    }
    return true;
  }

  /// The last member goes with the comma before it; the white space before the closing brace stays.
  edit cut_last(std::size_t begin) const {
    const std::size_t brace = body_.find_last_of('}');
    const std::size_t end = body_.find_last_not_of(white_space, brace - 1) + 1;
    const std::size_t before = body_.find_last_not_of(white_space, begin - 1);
    return {.begin = body_[before] == ',' ? before : begin, .end = end, .text = {}};
  }

  value_position position_of(ondemand::value& value) const {
    const std::string_view token = value.raw_json_token();
    return {.begin = parser_.offset_of(token.data()), .token = base::without_space(token)};
  }

  base::padded_parser parser_;
  std::string_view body_;
};

/// What makes the stream report its usage.
std::optional<edit> ask_for_usage(const layout& found, std::string_view body) {
  if (!found.options) {
    const std::size_t at = body.find('{') + 1;
    return edit{.begin = at, .end = at, .text = R"("stream_options":{"include_usage":true},)"};
  }
  const auto& [begin, token] = *found.options;
  if (token == "null") return edit{.begin = begin, .end = begin + token.size(), .text = R"({"include_usage":true})"};
  if (!token.starts_with('{')) return std::nullopt;
  if (const auto& old = found.include_usage) {
    return edit{.begin = old->begin, .end = old->begin + old->token.size(), .text = "true"};
  }
  const std::string_view member = R"("include_usage":true,)";
  const std::size_t comma = found.options_are_empty ? 1 : 0;
  return edit{.begin = begin + 1, .end = begin + 1, .text = member.substr(0, member.size() - comma)};
}

std::string apply(std::string_view body, std::vector<edit> edits) {
  // What is put in at the place of a cut comes first, whichever was found first.
  std::ranges::sort(edits, {}, [](const edit& one) { return std::pair{one.begin, one.end}; });
  std::string out;
  out.reserve(body.size() + 64);
  std::size_t done = 0;
  for (const auto& [begin, end, text] : edits) {
    out.append(body.substr(done, begin - done)).append(text);
    done = end;
  }
  return out.append(body.substr(done));
}

}  // namespace

std::string forwarded_body(std::string_view body, const entry::parsed_request& parsed, bool ask_usage) {
  const bool add_usage = ask_usage && parsed.form == entry::wire_form::stream && !parsed.wants_usage;
  if (!add_usage && !parsed.directives.present) return std::string{body};

  thread_local layout_reader reader;
  const auto found = reader.read(body);
  if (!found) return std::string{body};
  std::vector<edit> edits;
  if (found->cache_cut) edits.push_back(*found->cache_cut);
  if (add_usage) {
    if (const auto directive = ask_for_usage(*found, body)) edits.push_back(*directive);
  }
  return apply(body, std::move(edits));
}

}  // namespace refrain::provider

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

/// Puts a text in the place of an old one, which is a view of the body.
struct edit {
  std::string_view old;
  std::string_view text;
};

/// Where the members stand that may have to change: views of the body, of arrays and objects their opening bracket.
struct layout {
  std::optional<std::string_view> cache;          ///< LiteLLM's member, whole and with its comma
  std::optional<std::string_view> options;        ///< value of `stream_options`
  std::optional<std::string_view> include_usage;  ///< value in it
  bool options_are_empty = true;
};

/// Walks the top level of a body that has been read as a request.
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
    std::optional<std::size_t> cut;
    const bool whole = each_member(object, [&](std::string_view name, std::size_t begin, ondemand::value& value) {
      if (cut) found.cache = body_.substr(*cut, begin - *cut);
      cut.reset();
      const auto token = place_of(value);
      if (name == "cache" && token.starts_with('{')) cut = begin;
      if (name != "stream_options") return true;
      found.options = token;
      return !token.starts_with('{') || read_options(value, found);
    });
    if (cut) found.cache = last_member(*cut);
    return whole ? std::optional{found} : std::nullopt;
  }

  bool read_options(ondemand::value& options, layout& found) {
    ondemand::object object;
    if (options.get_object().get(object)) return false;
    return each_member(object, [&](std::string_view name, std::size_t /*begin*/, ondemand::value& value) {
      found.options_are_empty = false;
      if (name == "include_usage") found.include_usage = place_of(value);
      return true;
    });
  }

  /// Gives each member to `see`: its name, where it begins, its value. False where it is none, or `see` says so.
  template <class See>
  bool each_member(ondemand::object& object, See see) {
    for (auto item : object) {
      ondemand::field field;
      if (std::move(item).get(field)) return false;
      const std::size_t begin = parser_.offset_of(field.key().raw()) - 1;
      std::string_view name;
      if (field.unescaped_key().get(name) || !see(name, begin, field.value())) return false;
    }
    return true;
  }

  /// The last member goes with the comma before it; the white space before the closing brace stays.
  [[nodiscard]] std::string_view last_member(std::size_t begin) const {
    const std::size_t brace = body_.find_last_of('}');
    const std::size_t end = body_.find_last_not_of(white_space, brace - 1) + 1;
    const std::size_t before = body_.find_last_not_of(white_space, begin - 1);
    const std::size_t first = body_[before] == ',' ? before : begin;
    return body_.substr(first, end - first);
  }

  [[nodiscard]] std::string_view place_of(ondemand::value& value) const {
    const auto token = base::without_space(value.raw_json_token());
    return body_.substr(parser_.offset_of(token.data()), token.size());
  }

  base::padded_parser parser_;
  std::string_view body_;
};

/// What makes the stream report its usage.
std::optional<edit> ask_for_usage(const layout& found, std::string_view body) {
  if (!found.options) {
    return edit{.old = body.substr(body.find('{') + 1, 0), .text = R"("stream_options":{"include_usage":true},)"};
  }
  if (*found.options == "null") return edit{.old = *found.options, .text = R"({"include_usage":true})"};
  if (!found.options->starts_with('{')) return std::nullopt;
  if (found.include_usage) return edit{.old = *found.include_usage, .text = "true"};
  return edit{.old = found.options->substr(1, 0),
              .text = found.options_are_empty ? R"("include_usage":true)" : R"("include_usage":true,)"};
}

std::string apply(std::string_view body, std::vector<edit> edits) {
  // What is put in at the place of a cut comes first, whichever was found first.
  std::ranges::sort(edits, {}, [](const edit& one) { return std::pair{one.old.data(), one.old.size()}; });
  std::string out;
  out.reserve(body.size() + 64);
  for (const auto& [old, text] : edits) {
    const auto begin = static_cast<std::size_t>(old.data() - body.data());
    out.append(body.substr(0, begin)).append(text);
    body.remove_prefix(begin + old.size());
  }
  return out.append(body);
}

}  // namespace

std::string forwarded_body(std::string_view body, const entry::parsed_request& parsed, bool ask_usage) {
  const bool add_usage = ask_usage && parsed.form == entry::wire_form::stream && !parsed.wants_usage;
  if (!add_usage && !parsed.directives.present) return std::string{body};

  thread_local layout_reader reader;
  const auto found = reader.read(body);
  if (!found) return std::string{body};
  std::vector<edit> edits;
  if (found->cache) edits.push_back({.old = *found->cache, .text = {}});
  if (add_usage) {
    if (const auto directive = ask_for_usage(*found, body)) edits.push_back(*directive);
  }
  return apply(body, std::move(edits));
}

}  // namespace refrain::provider

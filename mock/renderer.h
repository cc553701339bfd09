#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mock/call.h"
#include "mock/json.h"
#include "mock/provider.h"

namespace refrain::mock {

/// A template with values filled in: those of `values`, or else of `shared`. A template is a JSON value whose strings
/// may hold placeholders:
///
/// - "{name}" alone becomes the value of that name, of whatever kind; without one, the member or element is left out;
/// - "{name|other|=text|null}" becomes the first of these that there is: "=text" is that text, "null" is null;
/// - placeholders within a longer text, or a member's name, become the text of their values.
///
/// A condition is a value's name, or "!" and the name: there is such a value, and it is neither false nor an empty
/// list.
///
/// - a member "key?condition" is there, as "key", where the condition holds;
/// - an element {"if": condition, "do": element or list} becomes what it holds, or nothing;
/// - an element {"for": name, "do": element or list} becomes what it holds for each object of the list of that name,
///   whose members are values then;
/// - an element {"interleave": name, "do": list} does too, but gives the first element of each, then the second, and so
/// on;
/// - {"use": name, ...} becomes the template of that name in `templates`, filled in with the other members and
/// `shared`.
///
/// Nothing: the template is a placeholder without a value.
[[nodiscard]] std::optional<json::value> fill(const json::value& form, const json::object& values,
                                              const json::object& shared, const json::object& templates);

/// How one of the pieces of a stream is written.
enum class stream_form : std::uint8_t {
  event,        ///< a server-sent event that has data alone
  named_event,  ///< one that is named after its member `type`
  line,         ///< a line of NDJSON
};
[[nodiscard]] std::string written(stream_form form, const json::value& data);

/// What a member of a request has to be to count as given.
enum class need : std::uint8_t {
  any,             ///< anything but null
  text,            ///< a text that is not empty
  text_or_object,  ///< such a text, or an object
};

/// Writes the answers of one provider to one call, from the provider's templates.
///
/// Every template may use what the call gives: `unique`, `uuid`, `now` (seconds since the epoch), `day` (20260504),
/// `left` (of 1,000 requests, three digits), `milliseconds`, `method`, `path` and `resource` (the path's last segment).
class renderer {
 public:
  /// Both outlive it.
  renderer(const provider& speaks, const call& asked);

  /// Adds values for all templates that follow.
  renderer& set(const json::object& values);

  /// The template of that name as it is; null where there is none.
  [[nodiscard]] const json::value* find(std::string_view name) const { return templates_.if_contains(name); }
  /// The template of that name with these values, and those of `set`, filled in.
  [[nodiscard]] json::value fill(std::string_view name, const json::object& values = {}) const;

  /// The same as JSON text; as a piece of a stream; and the elements of a list as the pieces of one.
  [[nodiscard]] std::string text(std::string_view name, const json::object& values = {}) const;
  [[nodiscard]] std::string piece(stream_form form, std::string_view name, const json::object& values = {}) const;
  [[nodiscard]] std::vector<std::string> pieces(stream_form form, std::string_view name) const;

  /// The call's body where it is an object that has all of `needed`; else the refusal `no_object`, or `missing` with
  /// the member's name as `param`.
  [[nodiscard]] std::expected<json::value, answer> request(std::initializer_list<std::string_view> needed,
                                                           need kind = need::any) const;

  /// A plain answer in JSON.
  [[nodiscard]] answer plain(std::string_view name, const json::object& values = {}) const;
  /// A streamed answer.
  [[nodiscard]] answer stream(std::vector<std::string> pieces) const;
  /// The refusal of that name among the provider's `refusals`, with 400 where it says no other status.
  [[nodiscard]] answer refuse(std::string_view name, const json::object& values = {}) const;
  /// The headers of a template; none where there is no such template.
  [[nodiscard]] std::vector<header> headers(std::string_view name = "headers", const json::object& values = {}) const;

 private:
  const provider& speaks_;
  const call& asked_;
  const json::object& templates_;
  json::object shared_;
};

/// Where x-mock-error-event asks for it: puts `error` in place of all pieces but the first so many. Whether it did.
bool break_off(std::vector<std::string>& pieces, const behaviour& how, std::string error);

}  // namespace refrain::mock

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

#include "mock/answer.h"
#include "mock/call.h"
#include "mock/provider.h"

namespace refrain::mock {

/// A template with values filled in: those of `values`, or else of `more`. A template is a JSON value whose strings may
/// hold placeholders:
///
/// - "{name}" alone becomes the value of that name, of whatever kind; without one, the member or element is left out;
/// - "{name|other|=text|null}" becomes the first of these that there is: "=text" is that text, "null" is null;
/// - placeholders within a longer text become the text of their values;
/// - a member "key?name" is there, as "key", where the value `name` is, and is not false.
///
/// Nothing: the template is a placeholder without a value.
[[nodiscard]] std::optional<boost::json::value> fill(const boost::json::value& form, const boost::json::object& values,
                                                     const boost::json::object& more);

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
  renderer& set(const boost::json::object& values);

  /// The template of that name as it is; null where there is none.
  [[nodiscard]] const boost::json::value* find(std::string_view name) const { return templates_.if_contains(name); }
  /// The template of that name with these values, and those of `set`, filled in.
  [[nodiscard]] boost::json::value fill(std::string_view name, const boost::json::object& values = {}) const;

  /// The same as JSON text, with the line end that NDJSON has, as a server-sent event, and as one that is named after
  /// its member `type`.
  [[nodiscard]] std::string text(std::string_view name, const boost::json::object& values = {}) const;
  [[nodiscard]] std::string line(std::string_view name, const boost::json::object& values = {}) const;
  [[nodiscard]] std::string event(std::string_view name, const boost::json::object& values = {}) const;
  [[nodiscard]] std::string named_event(std::string_view name, const boost::json::object& values = {}) const;

  /// The call's body where it is an object that has all of `needed`; else the refusal `no_object`, or `missing` with
  /// the member's name as `param`.
  [[nodiscard]] std::expected<boost::json::value, answer> request(std::initializer_list<std::string_view> needed,
                                                                  need kind = need::any) const;

  /// A plain answer in JSON.
  [[nodiscard]] answer plain(std::string_view name, const boost::json::object& values = {}) const;
  /// A streamed answer.
  [[nodiscard]] answer stream(std::vector<std::string> pieces) const;
  /// The refusal of that name among the provider's `refusals`, with 400 where it says no other status.
  [[nodiscard]] answer refuse(std::string_view name, const boost::json::object& values = {}) const;
  /// The headers of a template; none where there is no such template.
  [[nodiscard]] std::vector<header> headers(std::string_view name = "headers",
                                            const boost::json::object& values = {}) const;

 private:
  const provider& speaks_;
  const call& asked_;
  const boost::json::object& templates_;
  boost::json::object shared_;
};

/// Server-sent events with their blank line.
[[nodiscard]] std::string data_event(const boost::json::value& data);
[[nodiscard]] std::string named_event(std::string_view name, const boost::json::value& data);

/// Where x-mock-error-event asks for it: puts `error` in place of all pieces but the first so many. Whether it did.
bool break_off(std::vector<std::string>& pieces, const behaviour& wish, std::string error);

}  // namespace refrain::mock

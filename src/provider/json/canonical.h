#pragma once

#include <expected>
#include <memory>
#include <string_view>

#include "provider/json/canonical_value.h"
#include "provider/json/json_place.h"

namespace refrain::provider {

/// Deeper than this a body is not looked at (docs/reliability.md, Limits).
inline constexpr unsigned max_json_depth = 128;

/// Turns JSON texts into canonical form: whatever two texts differ in that no reader of JSON should care for (white
/// space, order of members but where it means something, escapes, spelling of numbers), they give the same bytes; all
/// else gives other bytes.
///
/// It keeps its memory from one text to the next, so keep one a thread: `canonicaliser::of_thread()`.
class canonicaliser {
 public:
  canonicaliser();
  ~canonicaliser();
  canonicaliser(const canonicaliser&) = delete;
  canonicaliser& operator=(const canonicaliser&) = delete;

  /// The value lives until the next call. The text must be one object or array, and nothing after it. Refused:
  /// - malformed_body: not JSON (RFC 8259), a lone scalar, empty;
  /// - ambiguous_body: what two readers may take differently: an object with two members of one name, invalid UTF-8, a
  ///   surrogate that is not one of a pair, a number whose exponent has ten digits or more;
  /// - too_deep: arrays and objects nested deeper than 128.
  /// `where` says in which objects the order of members means something: texts that differ in it give other bytes.
  [[nodiscard]] std::expected<canonical_value, uncacheable_reason> read(std::string_view json,
                                                                        const json_place* where = nullptr);

  /// This thread's own. Whoever uses it must be done with its value before any other use on the thread.
  [[nodiscard]] static canonicaliser& of_thread();

 private:
  class writer;
  std::unique_ptr<writer> writer_;
};

}  // namespace refrain::provider

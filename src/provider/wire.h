#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "entry/entry.h"
#include "entry/parsed_request.h"

/// What goes into a dialect, and what comes out of it.
namespace refrain::provider {

using entry::uncacheable_reason;
using entry::wire_form;

/// A request as a dialect sees it. The views live as long as the call.
struct request_view {
  std::string_view path;   ///< below the upstream's base URL: `/chat/completions`
  std::string_view query;  ///< raw, without the question mark
  std::string_view body;
  std::string_view content_type{};         ///< as the header says; empty where it is absent
  std::span<const std::string> ignored{};  ///< members of the body that are not to be keyed; see `is_ignored`
  bool keyed = true;                       ///< see parsed_request::keyed
};

/// What reading an answer to its end says of it.
struct verdict {
  uncacheable_reason why_not = uncacheable_reason::none;  ///< set: not to be stored
  entry::token_usage usage;
  std::vector<entry::mark> marks;
  /// Finish reasons that the dialect does not know. Not empty: they alone are why it is unfinished_choice.
  std::vector<std::string> unknown_finishes{};
  bool cut_at_length = false;  ///< at the length that was asked for
  bool by_framing = false;     ///< its framing alone tells that it is whole, not what is in it
};

/// Reads an answer as it arrives: finds the events a replay must know of, and judges the whole at the end. One answer,
/// one thread.
class answer_reader {
 public:
  virtual ~answer_reader() = default;

  /// Takes the next bytes.
  virtual void feed(std::string_view bytes) = 0;

  /// Bytes from the start that are whole events: what may be passed on where an event may have to be left out.
  /// A plain answer has no events: all that was fed.
  [[nodiscard]] virtual std::uint64_t whole() const = 0;

  /// Marks found so far, in order.
  [[nodiscard]] virtual std::span<const entry::mark> marks() const { return {}; }

  /// Call once, after the last byte of a cleanly framed answer with status 200.
  /// `whole`: all that was fed, in one piece. A reader of plain answers keeps none of it itself.
  [[nodiscard]] virtual verdict finish(std::string_view whole) = 0;
};

/// A complete recorded answer.
struct recorded {
  wire_form form = wire_form::plain;
  std::string_view body;
  std::span<const entry::mark> marks;
  std::string_view suffix{};  ///< see entry_id: the codec of speech
};

/// An answer in the wire form that was asked for.
struct rendering {
  std::string content_type;
  std::string body;
};

/// A request as semantic matching sees it.
struct semantic_view {
  std::string text;      ///< the last text that a person wrote, in full
  base::digest256 rest;  ///< as parsed_request::content, with the text left out
};

}  // namespace refrain::provider

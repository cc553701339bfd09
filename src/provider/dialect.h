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

namespace refrain::provider {

using entry::uncacheable_reason;
using entry::wire_form;

/// A request as a dialect sees it. The views live as long as the call.
struct request_view {
  std::string_view path;   ///< below the upstream's base URL: `/chat/completions`
  std::string_view query;  ///< raw, without the question mark
  std::string_view body;
  std::string_view content_type{};  ///< as the header says; empty where it is absent
};

/// What reading an answer to its end says of it.
struct verdict {
  uncacheable_reason why_not = uncacheable_reason::none;  ///< set: not to be stored
  entry::token_usage usage;
  std::vector<entry::mark> marks;
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
  [[nodiscard]] virtual std::span<const entry::mark> marks() const = 0;

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

class batch;

/// One endpoint's wire format. Pure: bytes in, bytes out; no sockets, no clock, no state. Any thread.
class dialect {
 public:
  virtual ~dialect() = default;

  /// What the request is. Never fails: what it does not understand is a reason not to cache.
  [[nodiscard]] virtual entry::parsed_request read(const request_view& request) const = 0;

  /// The body to send upstream: the client's to the letter, less LiteLLM's `cache` member. Where `ask_usage`, with the
  /// member that asks for usage, if the dialect has one and the request is a stream that does not ask itself.
  [[nodiscard]] virtual std::string forward_body(std::string_view body, const entry::parsed_request& parsed,
                                                 bool ask_usage) const = 0;

  [[nodiscard]] virtual std::unique_ptr<answer_reader> read_answer(wire_form form) const = 0;

  /// Whether a 200 with this Content-Type can be an answer in this form at all. Where it cannot, it is not stored.
  [[nodiscard]] virtual bool answers_with(wire_form /*form*/, std::string_view /*content_type*/) const { return true; }

  /// Whether `render` could serve this form from a recording that has the other one or the same.
  /// A stream that was never asked for usage cannot serve a plain request, nor one that wants the usage event.
  [[nodiscard]] virtual bool can_serve(wire_form recorded_form, bool usage_asked, wire_form wanted,
                                       bool wants_usage) const = 0;

  /// Turns a recording into the *other* wire form; replay of the same form is the caller's. Fails with not_found where
  /// the recording cannot be turned (it then serves its own form only).
  [[nodiscard]] virtual base::result<rendering> render(const recorded& answer, wire_form wanted,
                                                       bool wants_usage) const = 0;

  /// The request for semantic matching: requests with an equal `rest` ask the same but for the text. Nothing where the
  /// request is not cached, or there is no one text that asks: the last message is not a person's, has parts of other
  /// kinds (images, results of tools) or several, or the endpoint's answers must not be another text's.
  [[nodiscard]] virtual std::optional<provider::semantic_view> semantic_view(const request_view& /*request*/) const {
    return std::nullopt;
  }

  /// Set where requests are lists of things that are stored one by one: provider/rules/batch.h.
  [[nodiscard]] virtual const batch* as_batch() const { return nullptr; }

  /// Request headers, lower case, that can change the answer beyond `anthropic-*` and `openai-*`.
  [[nodiscard]] virtual std::span<const std::string_view> key_headers() const { return {}; }

  /// Response headers, lower case, that are stored with an entry beside Content-Type.
  [[nodiscard]] virtual std::span<const std::string_view> kept_headers() const { return {}; }
};

}  // namespace refrain::provider

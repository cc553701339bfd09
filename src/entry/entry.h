#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/digest.h"
#include "entry/cache_type.h"
#include "entry/money.h"

namespace refrain::entry {

/// How an answer stands on the wire. One content may stand in several; a dialect says which of them it knows.
enum class wire_form : std::uint8_t {
  plain,         ///< one body: JSON, or audio as it is
  stream,        ///< events or lines, one after the other
  array,         ///< the same events as the elements of one JSON array (Gemini without `alt=sse`)
  timed,         ///< audio in JSON, with the times of its characters
  timed_stream,  ///< the same in lines, one after the other
};

[[nodiscard]] std::string_view to_string(wire_form form) noexcept;
[[nodiscard]] std::optional<wire_form> wire_form_from(std::string_view text) noexcept;

/// Names an entry and says whose it is. `digest` covers everything that can change the answer, the tenant included;
/// `tenant` is the tag that every stored copy carries and every read checks again (invariant 1).
struct entry_id {
  cache_type type = cache_type::llm;
  base::digest256 digest;
  base::digest256 tenant;
  std::string group;   ///< middle of the visible name, such as `elevenlabs:{voice}`; empty for llm. `place` in its JSON
  std::string suffix;  ///< end of the visible name, such as the codec; empty for none

  friend bool operator==(const entry_id&, const entry_id&) = default;
};

/// The visible name of an entry (docs/formats/entry.md): `llm:exact:{digest}`, `tts:{group}:{digest}:{suffix}`.
[[nodiscard]] std::string storage_name(const entry_id& id);

/// An event of a recorded stream that a replay must know of; deltas are all that lies between.
struct mark {
  enum class kind : std::uint8_t { usage, terminator };
  kind what = kind::terminator;
  std::uint64_t offset = 0;  ///< from the body's first byte
  std::uint64_t length = 0;

  friend bool operator==(const mark&, const mark&) = default;
};

/// A top-level member of the request and the digest of its canonical value, so that `explain` can name what differed.
struct field_digest {
  std::string name;
  base::digest256 value;

  friend bool operator==(const field_digest&, const field_digest&) = default;
};

/// What the question of an entry is found by where another means the same (semantic/index.h).
struct semantic_record {
  base::digest256 partition;    ///< covers all of the request but its last text: only such requests may find it
  base::digest256 contributor;  ///< the credential that it was asked with
  std::uint64_t encoder = 0;    ///< which encoder made `vector`: vectors of another do not compare
  std::string text;             ///< the last text that a person wrote, whole
  std::string vector;           ///< of `text`, packed, in base64

  friend bool operator==(const semantic_record&, const semantic_record&) = default;
};

/// All that is known of an entry but its body. docs/formats/entry.md describes its JSON form.
struct meta {
  entry_id id;
  base::sys_seconds stored_at{};
  std::chrono::seconds ttl{0};
  std::uint64_t purge_number = 0;  ///< the purge record current when its upstream request began
  std::string fill;                ///< id of the recording, 16 hex digits: ties body pieces to this meta
  std::string upstream;            ///< configured name: `openai`
  std::string endpoint;            ///< `chat.completions`
  std::string model;
  std::string level;         ///< optimization level it was stored under
  std::string tenant_label;  ///< what a person calls the tenant
  std::string name_space;    ///< empty for none
  std::vector<std::string> tags;
  std::string query;  ///< the request's text, shortened, for people
  wire_form form = wire_form::plain;
  bool usage_asked = false;  ///< streams: the upstream was asked to report usage
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;  ///< those of the allowlist
  std::vector<mark> marks;
  token_usage usage;
  std::optional<micro_usd> cost;  ///< what the upstream call cost; absent where the price is unknown
  std::vector<field_digest> fields;
  std::optional<semantic_record> similar;  ///< of questions that may be matched by meaning
  std::uint64_t size = 0;                  ///< bytes of the body

  friend bool operator==(const meta&, const meta&) = default;
};

/// A stored answer: immutable, shared by every reader.
struct entry {
  meta about;
  std::vector<base::slice> body;

  /// The body's bytes in one piece.
  [[nodiscard]] std::string whole_body() const;
  /// Bytes it holds in memory: body, texts, containers; for the exact accounting of tiers.
  [[nodiscard]] std::uint64_t memory() const noexcept;
};

using entry_ptr = std::shared_ptr<const entry>;

}  // namespace refrain::entry

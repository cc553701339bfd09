#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cache/coalescer.h"
#include "cache/freshness.h"
#include "entry/outcome.h"
#include "entry/recording.h"
#include "gateway/ask/ask.h"
#include "gateway/shared/parts.h"
#include "gateway/sources/similar_search.h"

namespace refrain::gateway {

/// An answer in another wire form than it was recorded in.
struct rendered {
  std::string content_type;
  shared_bodies::body body;
};

/// What a source has for an item: an entry, or the recording of an upstream call.
struct found_answer {
  entry::entry_ptr entry;                            ///< stored, or made of an item's part of a list's answer
  std::shared_ptr<cache::fill> fill;                 ///< set: from an upstream call, under way or just ended
  std::shared_ptr<entry::recording::reader> reader;  ///< of the fill's recording
  const entry::answer_head* head = nullptr;          ///< of the recording, once it has one; lives as long as the fill
  std::optional<rendered> turned;                    ///< set: the answer in the form asked for, not the recorded one
  entry::outcome how = entry::outcome::miss;
  std::string_view detail;  ///< of Cache-Status; empty for none
  double similarity = 0;    ///< of the question that it is the answer to, where `how` is semantic_hit

  /// Whether this request has caused the upstream call.
  [[nodiscard]] bool leads() const noexcept { return fill != nullptr && how != entry::outcome::coalesced; }
};

/// The search for what a request asks for, handed from source to source. Belongs to the request's coroutine.
struct search {
  explicit search(const ask& asked) : request(asked), slots(asked.items.size()) {}

  /// Where the answer for an item stands, once a source has found it.
  struct slot {
    std::optional<found_answer> found;
    entry::entry_ptr stale_fallback;  ///< past its time, but better than an error (stale-if-error)
    base::sys_seconds stored_at{};    ///< when the entry that was stored for it was, answer or not
  };

  const ask& request;
  boost::container::small_vector<slot, 1> slots;  ///< by item; one that repeats another has its answer there
  std::vector<std::size_t> outdated;          ///< items whose entries answer, and are to be replaced behind the answer
  std::optional<cache::freshness> freshness;  ///< of the entry that was stored for a request with one item

  std::shared_ptr<similar_search> similar;       ///< nullptr: none was made
  std::optional<entry::semantic_record> record;  ///< what a fresh answer is to be found by

  std::vector<std::weak_ptr<entry::recording::reader>> readers;  ///< all that this request has waited for

  std::optional<found_answer> list_call;  ///< the upstream call for those items of a list that nobody had
  bool passes_call_on = false;            ///< it was refused: its answer goes to the client as it is
  bool upstream_failed = false;           ///< an error, or an answer that says so: an expired entry is better
  std::optional<base::error> failure;     ///< why there is no answer

  [[nodiscard]] const found_answer& of(std::size_t item) const { return *slots[request.items[item].same_as].found; }
  [[nodiscard]] bool is_missing(std::size_t item) const {
    return request.items[item].same_as == item && !slots[item].found;
  }
  /// Items that no source has found, each once however often the request names it.
  [[nodiscard]] std::vector<std::size_t> missing() const;
  [[nodiscard]] bool is_complete() const;

  /// The client has gone: whatever waits for a recording ends with errc::cancelled.
  void leave();
};

/// Whether an entry can answer an item in the wire form that the request asks for.
[[nodiscard]] bool has_form(const ask& request, const entry::entry& stored);

/// Answers an item from an entry, whatever its age, in the form asked for. False where it cannot be turned.
bool answer_from_entry(search& lookup, parts& shared, std::size_t item, entry::entry_ptr stored,
                       std::string_view detail = {});

/// The same where it has the form, and an age that the request takes.
bool offer(search& lookup, parts& shared, std::size_t item, entry::entry_ptr stored, std::string_view detail = {});

/// A recorded answer in the form that the request asks for. Fails where it cannot be turned.
[[nodiscard]] base::result<rendered> render(const ask& request, parts& shared, std::span<const base::slice> pieces,
                                            provider::recorded recorded);

}  // namespace refrain::gateway

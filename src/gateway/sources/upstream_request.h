#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cache/coalescer.h"
#include "entry/entry.h"
#include "entry/outcome.h"
#include "gateway/ask/ask.h"
#include "gateway/shared/parts.h"
#include "gateway/sources/similar_search.h"

namespace refrain::gateway {

/// A part of an upstream answer that becomes an entry of its own.
struct item_fill {
  entry::meta about;
  std::shared_ptr<cache::fill> fill;
  std::uint64_t weight = 1;  ///< see entry::listed_item
};

/// A request to the upstream, and what is to become of its answer.
struct upstream_request {
  std::shared_ptr<const site> at;
  const upstream* to = nullptr;
  const provider::endpoint_row* endpoint = nullptr;
  std::string head;
  std::shared_ptr<const std::string> body;
  std::shared_ptr<cache::fill> fill;                                    ///< of the whole answer
  bool store = false;                                                   ///< record the answer
  entry::uncacheable_reason why_not = entry::uncacheable_reason::none;  ///< set where it is not recorded
  entry::outcome asked = entry::outcome::miss;
  std::string client;  ///< who it is made for, by configured name; `about` has the tenant and the tags
  entry::meta about;   ///< of the entry to be: all but what the answer tells
  std::shared_ptr<const entry::parsed_request> parsed;  ///< what the client asked for
  std::vector<item_fill> items;                   ///< of a list: what becomes of the answer's parts, in their order
  std::shared_ptr<const similar_search> similar;  ///< set: its answer teaches something, and is found by meaning
  std::uint64_t count = 1;                        ///< things that it asks for, as hits and misses are counted
};

/// A fill for one item, to be joined by others or not. Cheap: a request that joins another's fill makes one in vain.
[[nodiscard]] std::shared_ptr<cache::fill> make_fill(const ask& request, parts& shared, std::size_t item);

/// What is known, before it is fetched, of the entry that a fill for this item becomes.
[[nodiscard]] entry::meta describe(const ask& request, const cache::fill& fill, std::size_t item);

/// The request for a whole answer, which becomes `fill`'s recording.
[[nodiscard]] std::shared_ptr<upstream_request> make_request(const ask& request, parts& shared,
                                                             std::shared_ptr<cache::fill> fill);

/// The request for those `wanted` items of a list whose fills these are, in the same order.
[[nodiscard]] std::shared_ptr<upstream_request> make_list_request(const ask& request, parts& shared,
                                                                  std::span<const std::size_t> wanted,
                                                                  std::span<const std::shared_ptr<cache::fill>> fills);

/// Judges how an answer ended, by the operator's settings.
void judge_finish(provider::verdict& judged, const site& at);

}  // namespace refrain::gateway

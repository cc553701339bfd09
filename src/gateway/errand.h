#pragma once

#include <memory>
#include <string>

#include "entry/entry.h"
#include "gateway/parts.h"
#include "gateway/site.h"
#include "gateway/transaction.h"
#include "provider/registry.h"

namespace refrain::gateway {

/// Takes a whole and good answer in place of the store, where it is more than one entry. Destroyed without it where
/// there is none. On the loop of the call.
class answer_sink {
 public:
  virtual ~answer_sink() = default;
  /// `storable`: the answer may outlive those who wait for it.
  virtual void take(const entry::answer_head& head, std::string_view body, const provider::verdict& judged,
                    std::optional<entry::micro_usd> cost, bool storable) = 0;
};

/// An upstream call that is to be made, and what is to become of its answer.
struct errand {
  std::shared_ptr<const site> at;
  const upstream* to = nullptr;
  const provider::endpoint_row* endpoint = nullptr;
  std::shared_ptr<cache::fill> fill;
  std::string head;
  std::string body;
  bool store = false;                                                   ///< record the answer
  entry::uncacheable_reason why_not = entry::uncacheable_reason::none;  ///< set where it is not recorded
  entry::outcome asked = entry::outcome::miss;
  entry::meta about;                  ///< of the entry to be: all but what the answer tells
  std::unique_ptr<answer_sink> into;  ///< set: what is in the answer goes there
  std::uint64_t items = 1;            ///< things that it asks for, as hits and misses are counted
};

/// The call that a request needs, with `body` for its own. Its fill is nobody's to join yet.
[[nodiscard]] std::shared_ptr<errand> make_errand(const transaction& now, parts& shared, std::string body);

/// What is known of an entry that this request would fill before it is fetched; under a fill's name of its own.
[[nodiscard]] entry::meta describe(const transaction& now, const parts& shared);

/// An upstream call for others to join, or not, whose answer will be `about`'s.
[[nodiscard]] std::shared_ptr<cache::fill> make_fill(const transaction& now, parts& shared, const entry::meta& about,
                                                     bool keep);

/// Whether the upstream is asked to report usage in a stream whose client did not ask for it.
[[nodiscard]] bool asks_for_usage(const transaction& now);

}  // namespace refrain::gateway

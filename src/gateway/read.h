#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/digest.h"
#include "base/result.h"
#include "cache/key.h"
#include "gateway/parts.h"
#include "gateway/transaction.h"

namespace refrain::gateway {

/// The second step: what is asked, and what shall the cache do about it? Belongs to one loop, as it remembers the facts
/// of bodies it has read: a body that comes again to the letter is not parsed again.
class request_reader {
 public:
  explicit request_reader(const parts& shared) : shared_(shared) {}

  /// Takes a new configuration.
  void configure(const site& at);

  /// Writes `known`, `asked`, `plan`, `whose`, `id` from `body` and the head. Fails with bad_directive.
  [[nodiscard]] base::result<void> read(transaction& now);

  /// The digest of an entry that is one of several in a request that was read: as its `id`, but for the content.
  [[nodiscard]] base::digest256 key_of(const transaction& now, const base::digest256& content) const;

 private:
  struct remembered {
    const provider::endpoint_row* endpoint;
    std::string path;
    std::string query;
    std::string content_type;
    std::shared_ptr<const entry::parsed_request> known;
  };

  [[nodiscard]] std::shared_ptr<const entry::parsed_request> parse(const transaction& now);
  void remember(const base::digest256& body, remembered what);

  const parts& shared_;
  std::unique_ptr<cache::key_maker> make_key_;
  std::unordered_map<std::string, base::digest256> upstreams_;  ///< identities for keys, by name
  std::unordered_map<base::digest256, remembered> memo_;
  std::deque<base::digest256> order_;  ///< of `memo_`, oldest first
};

}  // namespace refrain::gateway

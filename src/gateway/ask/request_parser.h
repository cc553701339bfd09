#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/digest.h"
#include "base/result.h"
#include "cache/key.h"
#include "gateway/ask/ask.h"
#include "gateway/shared/parts.h"

namespace refrain::gateway {

/// Parses an admitted request, decides what the cache does about it, and names the entries that it asks for. Belongs to
/// one loop, as it remembers what it has parsed: a body that comes again byte for byte is not parsed again, unless it
/// lists several things.
class request_parser {
 public:
  explicit request_parser(const parts& shared) : shared_(shared) {}

  /// Takes a new configuration.
  void configure(const site& at);

  /// Writes the parser's part of `request`, from its body and head. Fails with bad_directive.
  [[nodiscard]] base::result<void> parse(ask& request);

 private:
  /// Tenants remember apart: how fast an answer comes must not tell one what another has asked.
  struct remembered {
    const provider::endpoint_row* endpoint;
    std::string path;
    std::string query;
    std::string content_type;
    std::shared_ptr<const entry::parsed_request> parsed;

    [[nodiscard]] std::uint64_t bytes() const noexcept;
  };

  [[nodiscard]] std::shared_ptr<const entry::parsed_request> parse_body(const ask& request);
  void remember(const base::digest256& key, remembered entry);
  void name_items(ask& request) const;
  /// What else a key is made of than the request: whose it is, under which secret.
  struct asker {
    const cache::identity& who;
    const base::digest256& tenant;
    const cache::key_maker& make_key;
  };
  [[nodiscard]] base::digest256 key_of(const ask& request, const base::digest256& content) const;
  [[nodiscard]] std::optional<base::digest256> former_key_of(const ask& request, const base::digest256& content) const;
  [[nodiscard]] base::digest256 key_of(const ask& request, const base::digest256& content, const asker& by) const;

  const parts& shared_;
  std::unique_ptr<cache::key_maker> make_key_;
  std::unique_ptr<cache::key_maker> make_former_key_;           ///< nullptr without security.secret_previous
  std::unordered_map<std::string, base::digest256> upstreams_;  ///< identities for keys, by name
  std::unordered_map<base::digest256, remembered> memo_;        ///< by body and tenant
  std::uint64_t memo_bytes_ = 0;
  std::deque<base::digest256> order_;  ///< of `memo_`, oldest first
};

}  // namespace refrain::gateway

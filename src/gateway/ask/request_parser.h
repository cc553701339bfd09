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
#include "semantic/question.h"

namespace refrain::gateway {

/// Parses an admitted request, decides what the cache does about it, and names the entries that it asks for. Belongs to
/// one loop, as it remembers what it has parsed for a hit: a body that comes again byte for byte is not parsed again,
/// unless it lists several things.
class request_parser {
 public:
  explicit request_parser(const parts& shared)
      : shared_(shared), make_key_(shared.digests), make_former_key_(shared.former_digests) {}

  /// Writes the parser's part of `request`, from its body and head. Fails with bad_directive.
  [[nodiscard]] base::result<void> parse(ask& request);

  /// The same without having remembered: for large bodies, on any thread.
  [[nodiscard]] base::result<void> parse_apart(ask& request) const;

  /// The question by its meaning, where a similar one's answer may serve it; nothing where the request is no such one.
  [[nodiscard]] std::optional<semantic::question> question_of(const ask& request) const;

  /// The request has turned out to be a hit, and so to come again: remembers what was parsed.
  void remember(const ask& request);

 private:
  /// Tenants remember apart: how fast an answer comes must not tell one what another has asked.
  struct remembered {
    const provider::endpoint_row* endpoint;
    std::string path;
    std::string query;
    std::string content_type;
    std::shared_ptr<const entry::parsed_request> parsed;

    [[nodiscard]] bool is_of(const ask& request) const;
    [[nodiscard]] std::uint64_t bytes() const noexcept;
  };

  void parse_body(ask& request) const;
  [[nodiscard]] base::result<void> plan(ask& request) const;
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
  const cache::key_maker make_key_;
  const std::optional<cache::key_maker> make_former_key_;  ///< of security.secret_previous, where there is one
  std::unordered_map<base::digest256, remembered> memo_;   ///< by body and tenant
  std::uint64_t memo_bytes_ = 0;
  std::deque<base::digest256> order_;  ///< of `memo_`, oldest first
};

}  // namespace refrain::gateway

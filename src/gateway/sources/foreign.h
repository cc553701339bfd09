#pragma once

#include "gateway/sources/source.h"

namespace refrain::gateway {

/// What LiteLLM left in the same Redis, where `store.litellm` is on: for OpenAI's chat completions and, text
/// by text, embeddings. Only for requests that its key can tell apart as ours does, since it knows nothing of headers,
/// path or query.
///
/// Serves what is whole, fresh enough for the request, newer than an entry of ours that was found, and untouched by
/// purges. It becomes an entry of ours, written when LiteLLM says; it lives as long as a fresh answer would from now
/// on, though no longer than LiteLLM's.
///
/// LiteLLM's keys hold no tenant and no credential: what it kept is for all clients, beyond loopback for all that the
/// operator has named (docs/decisions/0005). What comes of it is the asking tenant's own.
class foreign_source final : public source {
 public:
  explicit foreign_source(parts& shared) : shared_(shared) {}

  [[nodiscard]] bool applies(const search& lookup) const override;
  [[nodiscard]] net::task<> find(search& lookup) override;

 private:
  parts& shared_;
};

}  // namespace refrain::gateway

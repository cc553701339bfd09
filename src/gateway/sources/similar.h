#pragma once

#include "gateway/ask/request_parser.h"
#include "gateway/sources/source.h"

namespace refrain::gateway {

/// What is stored for a question that means the same (semantic.md). Asked where nothing is stored for the very
/// question. The upstream does not wait for it where nothing could be served.
class similar_source final : public source {
 public:
  similar_source(parts& shared, const request_parser& parser) : shared_(shared), parser_(parser) {}

  [[nodiscard]] bool applies(const search& lookup) const override;
  [[nodiscard]] net::task<> find(search& lookup) override;

 private:
  parts& shared_;
  const request_parser& parser_;
};

}  // namespace refrain::gateway

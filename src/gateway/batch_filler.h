#pragma once

#include <memory>
#include <vector>

#include "gateway/errand.h"
#include "provider/batch.h"

namespace refrain::gateway {

/// An item of a batch that is being fetched, for this request and for whoever joins.
struct item_fill {
  entry::meta about;
  std::shared_ptr<cache::fill> fill;
  std::uint64_t weight = 1;  ///< see provider::batch_item
};

/// Takes the answer to a batch apart: each item's recording gets its part, and the store an entry of it. Items that got
/// nothing when this goes are over: those who wait for them are told so.
class batch_filler final : public answer_sink {
 public:
  batch_filler(parts& shared, const provider::batch& wire, std::vector<item_fill> items);
  ~batch_filler() override;

  void take(const entry::answer_head& head, std::string_view body, const provider::verdict& judged,
            std::optional<entry::micro_usd> cost, bool storable) override;

 private:
  void fill_item(item_fill& one, const entry::answer_head& head, base::slice body, bool storable);
  void fail(const base::error& why);

  parts& shared_;
  const provider::batch& wire_;
  std::vector<item_fill> items_;  ///< those that wait
};

/// How `total` falls to parts of these weights: whole numbers that add up to it.
[[nodiscard]] std::vector<std::uint64_t> share_out(std::uint64_t total, std::span<const item_fill> among);

}  // namespace refrain::gateway

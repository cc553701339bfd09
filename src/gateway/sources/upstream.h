#pragma once

#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "gateway/sources/source.h"
#include "gateway/sources/upstream_request.h"

namespace refrain::gateway {

/// The provider: joins the upstream call of an identical request where one is under way, else makes one. To join or to
/// lead is decided in one step for each item, so that of all who ask at once exactly one leads.
class upstream_source final : public source {
 public:
  using call_starter = std::function<void(std::shared_ptr<upstream_request>)>;

  /// `start` makes an upstream call: its recording tells the rest.
  upstream_source(parts& shared, call_starter start) : shared_(shared), start_(std::move(start)) {}

  [[nodiscard]] bool applies(const search& lookup) const override { return !lookup.is_complete(); }
  [[nodiscard]] bool waits() const noexcept override { return true; }

  /// Ends with all that was missing, with an answer that is not what was asked for (`passes_call_on`, or a status that
  /// is not 200), or with `failure`.
  [[nodiscard]] net::task<> find(search& lookup) override;

  /// Has outdated entries replaced while they still answer; one call does for all who ask meanwhile.
  void refresh(const search& lookup);

 private:
  /// An item, and what it waits for.
  using waiting = std::pair<std::size_t, found_answer>;

  [[nodiscard]] std::vector<waiting> begin(search& lookup, const std::vector<std::size_t>& wanted, bool joins,
                                           entry::outcome kind);
  [[nodiscard]] found_answer join_or_lead(const ask& request, std::size_t item, bool joins, entry::outcome kind);
  [[nodiscard]] bool stored_meanwhile(search& lookup, std::size_t item, const found_answer& mine);
  [[nodiscard]] net::task<bool> await_answer(search& lookup, found_answer mine, bool hands_over);
  [[nodiscard]] net::task<> await_list(search& lookup, std::vector<waiting> items);
  [[nodiscard]] net::task<base::result<bool>> await_list_call(search& lookup);
  [[nodiscard]] net::task<> pass_whole_on(search& lookup, std::span<const waiting> items);
  [[nodiscard]] net::task<base::result<void>> turn(search& lookup, found_answer& mine);

  parts& shared_;
  call_starter start_;
};

/// Whether a status says that the provider is in trouble, or has enough of us.
[[nodiscard]] bool is_failure(int status) noexcept;

}  // namespace refrain::gateway

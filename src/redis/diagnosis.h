#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "net/loop.h"
#include "net/tls.h"
#include "redis/address.h"
#include "redis/rights.h"

namespace refrain::redis {

using base::condition;
using base::finding;
using base::findings;

/// What is to be looked at, as the store would use it.
struct diagnosis_options {
  address there;
  std::shared_ptr<net::tls_context> tls;              ///< see trust_of; nullptr: plain text
  tls_options tls_said{};                             ///< what trust_of took beside the address
  std::vector<right> rights;                          ///< what is done to the servers, in the order of its trials
  base::endpoint_map node_map{};                      ///< where announced addresses are reached
  std::string probe_key;                              ///< one that nobody has, to be written and deleted
  std::optional<std::chrono::milliseconds> deadline;  ///< of a reply; nothing: by the round trip
  unsigned connections = 4;                           ///< to a node
  std::chrono::milliseconds limit{5000};              ///< for each connection, and for each answer
};

/// Finds out what keeps a gateway from using these servers, or from using them well: what the address says, whether
/// each of its places is reached and lets us in, whether what answers there is the kind of server that the address
/// means, how far away it is, what bounds it, and whether the user may do what the store does. Each fault is told apart
/// as a person would, and comes with its remedy.
///
/// Nothing is left behind: the probe key is deleted, and expires where that is not allowed.
[[nodiscard]] net::task<findings> diagnose(net::loop& home, diagnosis_options asked);

/// A finding from a sentence that says the fault and then its remedy, as those of redis/faults.h do: they part at the
/// first colon and blank. `place` goes before the fault; empty for none.
[[nodiscard]] finding from_sentence(std::string check, condition severity, std::string_view place,
                                    std::string_view sentence);

}  // namespace refrain::redis

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "redis/diagnosis.h"
#include "redis/link.h"

/// The steps of a diagnosis: each asks a server, and says what it found. Options are those that a link was made with.
namespace refrain::redis {

/// What came of connecting to one server: a link, or findings that say why there is none. Both where it works, though
/// not as it should. Who takes the link closes it.
struct visit {
  std::shared_ptr<link> over;
  findings seen;
};

/// Connects to a server; where that fails, looks closer until it can say why: whether what answers speaks TLS, plain
/// text or another protocol, what its certificate lacks, what the login lacks. `check` names the findings. The limit of
/// `options.where` counts for each step.
[[nodiscard]] net::task<visit> knock(net::loop& home, link_options options, std::string check);

/// Looks at a server: version and kind, distance, bounds, what the user may do, whether it takes a write as the store
/// writes. In a Cluster the write goes to the node that has the probe key's slot.
[[nodiscard]] net::task<findings> examine(net::loop& home, std::shared_ptr<link> over, link_options options,
                                          diagnosis_options of);

/// Whether a Cluster is whole as one of its nodes sees it, and whether the primaries that it names are reached from
/// here.
[[nodiscard]] net::task<findings> examine_cluster(net::loop& home, std::shared_ptr<link> over, link_options options);

/// What a Sentinel says of a service.
struct sentinel_answer {
  std::optional<base::endpoint> primary;
  findings seen;
};

/// Asks a Sentinel where a service's primary is, and whether enough of them stand to move it. `place` is where the
/// Sentinel is.
[[nodiscard]] net::task<sentinel_answer> ask_sentinel(std::shared_ptr<link> over, std::string service,
                                                      std::string place);

/// Writes a hash in the way in which the store writes an entry (MULTI, DEL, HSET, PEXPIRE, EXEC) and deletes it. Where
/// the key's slot is another node's, it goes there once, as a Cluster's client does, unless that lies outside of the
/// `configured` networks (announced.h).
[[nodiscard]] net::task<finding> try_write(net::loop& home, std::shared_ptr<link> over, link_options options,
                                           std::string key, std::vector<base::endpoint> configured);

}  // namespace refrain::redis

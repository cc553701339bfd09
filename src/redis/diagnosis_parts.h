#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redis/diagnosis.h"
#include "redis/link.h"
#include "redis/server_facts.h"

/// The parts of a diagnosis. Its steps each ask a server, and say what they found; options are those that a link was
/// made with.
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
/// writes; where it is a Cluster's node, at that (examine_cluster).
[[nodiscard]] net::task<findings> examine(net::loop& home, std::shared_ptr<link> over, link_options options,
                                          diagnosis_options asked);

/// Whether a Cluster is whole as one of its nodes sees it, and whether each primary that it names is reached from here,
/// lets us in, and takes a write.
[[nodiscard]] net::task<findings> examine_cluster(net::loop& home, std::shared_ptr<link> over, link_options options,
                                                  diagnosis_options asked);

/// What a Sentinel says of a service.
struct sentinel_answer {
  std::optional<base::endpoint> primary;
  findings seen;
};

/// Asks a Sentinel where a service's primary is, and whether enough of them stand to move it. `place` is where the
/// Sentinel is.
[[nodiscard]] net::task<sentinel_answer> ask_sentinel(std::shared_ptr<link> over, std::string service,
                                                      std::string place);

/// Writes a hash in the way in which the store writes an entry (MULTI, DEL, HSET, PEXPIRE, EXEC) and deletes it.
/// `place` is where the server is, which has the key's slot.
[[nodiscard]] net::task<finding> try_write(std::shared_ptr<link> over, std::string place, std::string key);

// What facts mean, for the person who asks. All pure; `place` is where the server is.

/// What a failed connection means, told from the error of net::dial, net::start_tls or link::open, and what to do:
/// refused, no such name, no answer, a certificate that has expired or is not known...
[[nodiscard]] finding explain(const base::error& why, std::string check, std::string_view place);

/// Whether a TLS error may come from a port that speaks something else: its handshake was answered with no TLS, or
/// with nothing.
[[nodiscard]] bool may_be_no_tls(const base::error& why) noexcept;

/// Whether what answers is what the address takes it for; nothing where it is.
[[nodiscard]] std::optional<finding> judge_kind(topology wanted, std::string_view mode, std::string_view place);

/// What a round trip means for a store whose replies may take so long.
[[nodiscard]] finding judge_distance(std::chrono::microseconds round_trip,
                                     std::optional<std::chrono::milliseconds> deadline, std::string_view place);

/// What bounds the server's memory, and what it does at the bound, where it tells.
[[nodiscard]] finding judge_memory(const server_facts& told);

/// Whether it takes as many clients more as a gateway opens; nothing where it does.
[[nodiscard]] std::optional<finding> judge_clients(const server_facts& told, unsigned connections);

/// What the text of CLUSTER INFO means.
[[nodiscard]] finding judge_cluster(std::string_view info, std::string_view place);

}  // namespace refrain::redis

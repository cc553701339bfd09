#pragma once

#include <memory>
#include <optional>
#include <string>

#include "redis/address.h"
#include "redis/diagnosis.h"
#include "redis/finding.h"
#include "redis/link.h"
#include "redis/server_facts.h"

namespace refrain::redis {

/// Looks at a server through a link that stands, made with these options: version and kind, distance, bounds, what the
/// user may do, whether it takes a write as the store writes. In a Cluster the write goes to the node that has the
/// probe key's slot.
[[nodiscard]] net::task<findings> examine(net::loop& home, std::shared_ptr<link> over, link_options options,
                                          diagnosis_options of);

/// Whether what answers is what the address takes it for; nothing where it is. Pure.
[[nodiscard]] std::optional<finding> judge_kind(topology wanted, std::string_view mode, std::string_view place);

/// What a round trip means for a store whose replies may take so long. Pure.
[[nodiscard]] finding judge_distance(std::chrono::microseconds round_trip,
                                     std::optional<std::chrono::milliseconds> deadline, std::string_view place);

/// What bounds the server's memory, and what it does at the bound, where it tells. Pure.
[[nodiscard]] finding judge_memory(const server_facts& told);

/// Whether it takes as many clients more as a gateway opens; nothing where it does. Pure.
[[nodiscard]] std::optional<finding> judge_clients(const server_facts& told, unsigned connections);

}  // namespace refrain::redis

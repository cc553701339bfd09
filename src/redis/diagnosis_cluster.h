#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/dial.h"
#include "redis/finding.h"
#include "redis/link.h"

namespace refrain::redis {

/// Whether a Cluster is whole as one of its nodes sees it, and whether the primaries that it names are reached from
/// here. `options` are those of the link.
[[nodiscard]] net::task<findings> examine_cluster(net::loop& home, std::shared_ptr<link> over, link_options options);

/// What the text of CLUSTER INFO means. Pure.
[[nodiscard]] finding judge_cluster(std::string_view info, std::string_view place);

/// The primaries that CLUSTER SLOTS names, each once; a host that is left out is `from`'s. Pure.
[[nodiscard]] std::vector<net::destination> primaries_of(const reply& slots, const net::destination& from);

}  // namespace refrain::redis

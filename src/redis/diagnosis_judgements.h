#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "redis/diagnosis.h"
#include "redis/server_facts.h"

/// What facts mean, for the person who asks. All pure; `place` is where the server is.
namespace refrain::redis {

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

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "redis/login.h"

namespace refrain::redis {

/// What a Redis, Valkey, Cluster node or Sentinel says is wrong.
enum class fault : std::uint8_t {
  credentials_missing,  ///< it asks for a password and got none
  credentials_refused,  ///< it does not know that user, or that password of theirs
  password_unasked,     ///< it has none and got one
  protected_mode,       ///< it answers its own machine alone
  not_permitted,        ///< the user's ACL does not allow the command, the key or the channel
  loading,              ///< it reads its data in after a start
  busy,                 ///< a script holds it
  primary_away,         ///< a replica that lost its primary
  too_few_replicas,     ///< it takes no writes without its replicas
  cannot_persist,       ///< it takes no writes while it cannot save
  read_only,            ///< a replica was written to
  out_of_memory,
  over_quota,  ///< a hosted plan's bound of commands, bytes or size
  too_large,   ///< a command, or a value in it, is larger than it takes
  cluster_down,
  moved,          ///< the slot is another node's
  ask,            ///< the slot is on its way to another node
  try_again,      ///< the slot's keys are on two nodes
  cross_slot,     ///< one command, keys of several slots
  is_cluster,     ///< a node of a Cluster was taken for a server of its own
  is_no_cluster,  ///< the reverse
  is_sentinel,    ///< a Sentinel was taken for a server
  too_many_clients,
  no_such_database,
  no_resp3,          ///< it is older than HELLO, or refuses it
  unknown_command,   ///< it is older than the command, or the command was renamed away
  wrong_type,        ///< the key holds something foreign
  transaction_lost,  ///< EXEC did nothing, because a command before it was refused
  speaks_http,       ///< no Redis at all
  speaks_tls,        ///< plain text came to a port that speaks TLS
  other,
};

/// What the client does about it (each is a state of the connection, the node or a feature, never a request's failure).
enum class remedy : std::uint8_t {
  miss,               ///< this operation is a miss; all else goes on
  follow,             ///< the reply names the node to ask
  ask_again,          ///< the same again, a moment later
  speak_resp2,        ///< set up anew without HELLO
  drop_password,      ///< set up anew without AUTH
  feature_off,        ///< go on without what the command was for
  pause_writes,       ///< reads go on; writes wait 1 s, doubling to 30 s
  fewer_connections,  ///< keep those that stand, open no more for a while
  leave_node,         ///< unavailable: ask anew where the primary is, then probe
  wait_for_settings,  ///< nothing helps but a person; read the secret once more, then try every 5 s to 60 s
};

/// A fault, what follows, and what a person reads of both: the fault and its remedy. The sentence is fixed: it repeats
/// nothing of the reply, in which an old Redis quotes the password.
struct said {
  fault what = fault::other;
  remedy next = remedy::miss;
  std::string_view sentence;
};

/// Judges an error reply, with or without its leading `-`.
[[nodiscard]] said judge_error(std::string_view reply) noexcept;

/// What a person reads of an error reply: the sentence; where the error is none of the known ones, with its first
/// words. What an old Redis quotes of a command's arguments is left out.
[[nodiscard]] std::string sentence_for(std::string_view reply);

/// The same as an error: store_unavailable, or overloaded where it has as many clients as it takes, with the sentence;
/// not to be tried again where a person must act first.
[[nodiscard]] base::error to_error(std::string_view reply);

/// What a person reads where a server refuses a login, by what it was given and where that was set; as `sentence_for`
/// of the reply where that is not known. `what`: credentials_missing or credentials_refused.
[[nodiscard]] std::string sentence_for(fault what, const login& given);

/// Judges what came on a plain connection in place of a first reply; empty: it was closed without a byte, as Redis does
/// with plain text on its TLS port.
[[nodiscard]] said judge_greeting(std::string_view first_bytes) noexcept;

}  // namespace refrain::redis

#pragma once

#include <span>
#include <string>
#include <vector>

#include "redis/reply.h"

namespace refrain::redis {

/// Something that a user of a server does to it, in a form that changes nothing but a probe key: how to try whether it
/// is allowed, and how an ACL allows it.
struct right {
  std::string rule;                ///< `+hset`, `~llm:*`
  std::vector<std::string> trial;  ///< the words of a command
  bool needed = true;              ///< false: all works without it, though not as well
};

/// Those of the rights that the replies to their trials, in the same order, show to be refused or unknown.
[[nodiscard]] std::vector<right> refused_rights(const std::vector<right>& tried, const std::vector<reply>& said);

/// The rules as ACL SETUSER takes them, one after the other: `~llm:* +hset`; a rule that comes twice stands once.
[[nodiscard]] std::string acl_rules(std::span<const right> rights);

}  // namespace refrain::redis

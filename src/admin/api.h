#pragma once

#include <string>

#include "admin/auth.h"
#include "admin/reply.h"
#include "admin/view.h"
#include "http/exchange.h"
#include "net/async.h"

namespace refrain::admin {

/// The admin plane's JSON API, with its checks: what an http::service answers with. Immutable; any number of exchanges
/// may be under way. docs/reference/admin-api.md describes it.
class api {
 public:
  api(view of, access_rules at) : view_(std::move(of)), rules_(std::move(at)) {}

  /// Answers one request. Everything but what the table calls open asks for the token before it says anything of the
  /// path: who has none learns nothing, not even what there is.
  [[nodiscard]] net::task<> answer(http::exchange& with) const;

 private:
  [[nodiscard]] net::task<base::result<reply>> reply_to(http::exchange& with) const;

  view view_;
  access_rules rules_;
};

/// `{"error":{"code","message"}}`
[[nodiscard]] std::string error_body(const base::error& why);

}  // namespace refrain::admin

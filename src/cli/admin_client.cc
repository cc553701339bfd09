#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <optional>

#include "cli/backend.h"
#include "cli/run_task.h"
#include "http/client.h"
#include "net/tls.h"

namespace refrain::cli {
namespace {

using base::errc;
using base::fail;

constexpr std::chrono::milliseconds timeout{10'000};
constexpr std::size_t most_bytes = std::size_t{256} << 20;

struct response_text {
  int status = 0;
  std::string body;
};

std::string head_of(const admin_request& what, const base::url& where, const base::secret& token) {
  auto head = fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nAccept: application/json\r\n",
                          what.method, where.path, what.target, where.authority(), token.reveal());
  if (!what.body.empty()) {
    head += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", what.body.size());
  }
  return head + "\r\n";
}

net::task<base::result<response_text>> fetch(http::client& by, http::route to, std::string head, std::string body) {
  auto call = co_await by.open(std::move(to));
  if (!call) co_return fail(std::move(call).error());
  const auto written = co_await (*call)->write(head, body);
  if (!written) co_return fail(written.error());
  (*call)->sent();
  const auto head_read = co_await (*call)->read_head(false);
  if (!head_read) co_return fail(head_read.error());
  response_text got{.status = (*head_read)->status};
  while (true) {
    const auto piece = co_await (*call)->read_some();
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) co_return got;
    if (got.body.size() + piece->size() > most_bytes) co_return fail(errc::io, "the answer is too large");
    got.body.append(*piece);
  }
}

/// The client's errors are about an upstream; here it is a gateway, and the question is whether it runs.
std::string_view fault_of(const base::error& why) noexcept {
  switch (why.code) {
    case errc::upstream_timeout: return "it does not answer within 10 s";
    case errc::upstream_closed: return "it closed the connection";
    default: return why.context;
  }
}

std::optional<errc> code_from(std::string_view label) noexcept {
  for (auto code = 0; code <= static_cast<int>(errc::internal); ++code) {
    if (base::to_string(static_cast<errc>(code)) == label) return static_cast<errc>(code);
  }
  return std::nullopt;
}

class admin_client final : public backend {
 public:
  admin_client(base::url where, base::secret token, std::string remedy)
      : where_(std::move(where)), token_(std::move(token)), remedy_(std::move(remedy)) {}

  base::result<std::string> send(const admin_request& what) override;
  std::string name() const override { return fmt::format("the gateway at {}{}", where_.origin(), where_.path); }
  bool is_gateway() const noexcept override { return true; }

 private:
  base::url where_;
  base::secret token_;
  std::string remedy_;
};

base::result<std::string> admin_client::send(const admin_request& what) {
  std::shared_ptr<net::tls_context> trust;
  if (where_.scheme == "https") trust = TRY(net::tls_context::for_clients());
  net::loop loop;
  http::client client{loop, {.connect = timeout, .first_byte = timeout, .idle = timeout}, trust};
  auto got =
      run_task(loop, fetch(client, {.host = where_.host, .port = where_.port, .tls = trust != nullptr, .proxy = {}},
                           head_of(what, where_, token_), what.body));
  if (!got) return fail(errc::io, fmt::format("cannot talk to {}: {}", name(), fault_of(got.error())));
  auto response = read_response(got->status, std::move(got->body));
  if (!response && response.error().code == errc::unauthorized) {
    return fail(errc::unauthorized, fmt::format("{} refuses {}", name(), remedy_));
  }
  return response;
}

}  // namespace

std::unique_ptr<backend> make_admin_client(base::url where, base::secret token, std::string remedy) {
  return std::make_unique<admin_client>(std::move(where), std::move(token), std::move(remedy));
}

base::result<std::string> read_response(int status, std::string body) {
  constexpr int first_error = 400;
  boost::json::error_code fault;
  const admin_response parsed{boost::json::parse(body, fault)};
  if (!fault && status < first_error) return body;
  const auto label = parsed.text("/error/code");
  if (label.empty()) return fail(errc::io, fmt::format("status {} and no answer of Refrain's admin plane", status));
  return fail(code_from(label).value_or(errc::internal), parsed.text("/error/message"));
}

}  // namespace refrain::cli

#include "http/head.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <utility>
#include <vector>

#include "base/text.h"

namespace refrain::http {
namespace {

namespace beast_http = boost::beast::http;
using base::errc;
using base::fail;
using boost::beast::string_view;
using boost::system::error_code;

std::string_view plain(string_view text) noexcept { return {text.data(), text.size()}; }

/// Beast's parser, made to leave views of the input behind instead of copies.
template <bool IsRequest, class Head>
class head_parser final : public beast_http::basic_parser<IsRequest> {
 public:
  head_parser(Head& head, const head_limits& limits) : head_(head), limits_(limits) {
    this->header_limit(static_cast<std::uint32_t>(limits.bytes));
    this->body_limit(boost::none);
  }
  [[nodiscard]] int version() const noexcept { return version_; }

 private:
  void on_request_impl(beast_http::verb, string_view method, string_view target, int version, error_code&) override {
    if constexpr (IsRequest) {
      head_.method = plain(method);
      head_.target = plain(target);
    }
    version_ = version;
  }
  void on_response_impl(int status, string_view reason, int version, error_code&) override {
    if constexpr (!IsRequest) {
      head_.status = status;
      head_.reason = plain(reason);
    }
    version_ = version;
  }
  void on_field_impl(beast_http::field, string_view name, string_view value, error_code& fault) override {
    if (head_.fields.size() == limits_.fields) {
      fault = beast_http::error::header_limit;
      return;
    }
    head_.fields.push_back({plain(name), plain(value)});
  }
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override { return body.size(); }
  void on_finish_impl(error_code&) override {}

  Head& head_;
  const head_limits& limits_;
  int version_ = 11;
};

base::error bad_head(errc code, std::string_view what) {
  return {.code = code, .context = fmt::format("the HTTP head is not acceptable: {}", what)};
}

/// Beast takes folded lines, which proxies read differently (RFC 9112, section 5.2).
bool has_folded_line(std::string_view head) noexcept {
  for (auto end = head.find('\n'); end < head.size() - 1; end = head.find('\n', end + 1)) {
    if (head[end + 1] == ' ' || head[end + 1] == '\t') return true;
  }
  return false;
}

/// Length and coding by the letter: two readers must never disagree where a message ends (RFC 9112, section 6), nor
/// what it is.
base::result<void> read_framing(message_head& head, bool http_1_0) {
  std::optional<std::uint64_t> length;
  bool chunked = false;
  bool typed = false;
  for (const auto& [name, value] : head.fields) {
    if (base::equal_ignoring_case(name, "content-length")) {
      const auto number = base::to_integer<std::uint64_t>(value);
      const bool digits_only = !value.empty() && value.front() >= '0' && value.front() <= '9';
      if (!number || !digits_only) return fail(bad_head(errc::ambiguous_framing, "Content-Length is no number"));
      if (length) return fail(bad_head(errc::ambiguous_framing, "Content-Length stands twice"));
      length = number;
    } else if (base::equal_ignoring_case(name, "transfer-encoding")) {
      if (chunked || !base::equal_ignoring_case(value, "chunked")) {
        return fail(bad_head(errc::ambiguous_framing, "a Transfer-Encoding other than 'chunked'"));
      }
      chunked = true;
    } else if (base::equal_ignoring_case(name, "content-type")) {
      if (std::exchange(typed, true)) return fail(bad_head(errc::malformed_request, "Content-Type stands twice"));
    }
  }
  if (chunked && length) {
    return fail(bad_head(errc::ambiguous_framing, "Content-Length beside Transfer-Encoding"));
  }
  if (chunked && http_1_0) return fail(bad_head(errc::ambiguous_framing, "Transfer-Encoding in HTTP/1.0"));
  head.length = length.value_or(0);
  head.body = chunked ? framing::chunked : length ? framing::length : framing::none;
  return {};
}

/// Exactly one Host, or two readers may think of different sites (RFC 9112, section 3.2); HTTP/1.0 knew none.
bool names_its_host(const request_head& head) noexcept {
  const auto hosts =
      std::ranges::count_if(head.fields, [](const field& one) { return base::equal_ignoring_case(one.name, "host"); });
  return hosts == 1 || (hosts == 0 && head.http_1_0);
}

bool wants_keep_alive(const message_head& head, bool http_1_0) noexcept {
  if (has_token(head.fields, "connection", "close")) return false;
  return !http_1_0 || has_token(head.fields, "connection", "keep-alive");
}

template <class Parser>
base::result<int> parse(Parser& parser, std::string_view bytes) {
  error_code fault;
  parser.eager(false);
  parser.put(boost::asio::buffer(bytes), fault);
  if (fault == beast_http::error::header_limit) {
    return fail(errc::head_too_large, "the HTTP head has too many fields or bytes");
  }
  const bool by_framing = fault == beast_http::error::bad_content_length ||
                          fault == beast_http::error::multiple_content_length ||
                          fault == beast_http::error::bad_transfer_encoding;
  if (fault) return fail(bad_head(by_framing ? errc::ambiguous_framing : errc::malformed_request, fault.message()));
  if (!parser.is_header_done()) return fail(bad_head(errc::malformed_request, "it ends early"));
  return parser.version();
}

/// Takes out the fields that Connection names: they are meant for this hop alone (RFC 9110, section 7.6.1). Those stay
/// that say how the message is read and who may enter: naming them must not hide them.
void drop_fields_of_this_hop(message_head& head) {
  static constexpr std::array<std::string_view, 12> staying{
      "close", "keep-alive",        "connection", "upgrade", "host",           "content-length",
      "te",    "transfer-encoding", "expect",     "origin",  "sec-fetch-site", "via"};
  const auto stays = [](std::string_view name) {
    return std::ranges::any_of(staying, [name](auto one) { return base::equal_ignoring_case(name, one); });
  };
  std::vector<std::string_view> named;
  for (const auto& one : head.fields) {
    if (!base::equal_ignoring_case(one.name, "connection")) continue;
    for (const auto token : base::split(one.value, ',')) {
      if (const auto name = base::trim(token); !name.empty() && !stays(name)) named.push_back(name);
    }
  }
  if (named.empty()) return;
  std::erase_if(head.fields, [&named](const field& one) {
    return std::ranges::any_of(named, [&one](auto name) { return base::equal_ignoring_case(one.name, name); });
  });
}

void clear(message_head& head) {
  head.fields.clear();
  head.body = framing::none;
  head.length = 0;
}

}  // namespace

std::optional<std::string_view> find_field(fields_view fields, std::string_view name) noexcept {
  for (const auto& one : fields) {
    if (base::equal_ignoring_case(one.name, name)) return one.value;
  }
  return std::nullopt;
}

bool has_token(fields_view fields, std::string_view name, std::string_view token) noexcept {
  for (const auto& one : fields) {
    if (!base::equal_ignoring_case(one.name, name)) continue;
    for (auto rest = one.value; !rest.empty();) {
      const auto end = std::min(rest.find(','), rest.size());
      if (base::equal_ignoring_case(base::trim(rest.substr(0, end)), token)) return true;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return false;
}

bool asks_for_websocket(const request_head& head) noexcept {
  return head.method == "GET" && !head.http_1_0 && head.body != framing::chunked && head.length == 0 &&
         has_token(head.fields, "connection", "upgrade") && has_token(head.fields, "upgrade", "websocket");
}

base::result<std::size_t> measure_head(std::string_view input, std::size_t& scanned, const head_limits& limits) {
  // The end may straddle what was looked at before.
  const std::size_t from = scanned > 3 ? scanned - 3 : 0;
  const auto end = input.find("\r\n\r\n", from);
  // Such a head would never be complete, and its sender would wait for the time limit.
  if (end == std::string_view::npos && input.substr(from).contains("\n\n")) {
    return fail(bad_head(errc::malformed_request, "a bare line feed"));
  }
  scanned = input.size();
  const auto size = end == std::string_view::npos ? input.size() : end + 4;
  if (size > limits.bytes) {
    return fail(errc::head_too_large, fmt::format("the HTTP head is over {} bytes", limits.bytes));
  }
  return end == std::string_view::npos ? 0 : size;
}

base::result<void> parse_request_head(std::string_view head, const head_limits& limits, request_head& into) {
  clear(into);
  if (has_folded_line(head)) return fail(bad_head(errc::malformed_request, "a folded line"));
  head_parser<true, request_head> parser{into, limits};
  const auto version = parse(parser, head);
  if (!version) return fail(version.error());
  into.http_1_0 = *version == 10;
  if (!names_its_host(into)) return fail(bad_head(errc::malformed_request, "no Host field, or more than one"));
  if (const auto framed = read_framing(into, into.http_1_0); !framed) return framed;
  into.keep_alive = wants_keep_alive(into, into.http_1_0);
  into.expects_continue = !into.http_1_0 && has_token(into.fields, "expect", "100-continue");
  drop_fields_of_this_hop(into);
  return {};
}

base::result<void> parse_response_head(std::string_view head, const head_limits& limits, bool answers_head,
                                       response_head& into) {
  clear(into);
  if (has_folded_line(head)) return fail(bad_head(errc::malformed_request, "a folded line"));
  head_parser<false, response_head> parser{into, limits};
  const auto version = parse(parser, head);
  if (!version) return fail(version.error());
  const bool http_1_0 = *version == 10;
  if (into.status < 100 || into.status > 599) return fail(bad_head(errc::malformed_request, "a status that is none"));
  if (const auto framed = read_framing(into, http_1_0); !framed) return framed;
  into.keep_alive = wants_keep_alive(into, http_1_0);
  drop_fields_of_this_hop(into);
  const bool switches = into.status == switching_protocols;
  const bool bodiless = answers_head || has_no_body(into.status);
  if (bodiless && !switches) {
    // Where one is declared all the same, it may follow a moment later, and must not become the next answer.
    if (into.body == framing::chunked || into.length > 0) into.keep_alive = false;
    into.body = framing::none;
  } else if (into.body == framing::none || switches) {
    into.body = framing::until_close;
    into.keep_alive = false;
  }
  return {};
}

}  // namespace refrain::http

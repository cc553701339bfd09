#include "http/head.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace refrain::http {
namespace {

using base::errc;
using namespace std::string_literals;

/// Nothing: the head is accepted.
std::optional<errc> fault_of(std::string_view text, const head_limits& limits = {}) {
  request_head head;
  const auto read = parse_request_head(text, limits, head);
  if (read) return std::nullopt;
  return read.error().code;
}

/// A request with these lines between Host and the end.
std::string with_lines(std::string_view lines, std::string_view version = "1.1") {
  return fmt::format("POST /v1 HTTP/{}\r\nHost: a\r\n{}\r\n", version, lines);
}

struct refused {
  std::string_view name;
  std::string head;
  errc why = errc::malformed_request;
};

class heads_refused : public testing::TestWithParam<refused> {};

TEST_P(heads_refused, with_their_reason) { EXPECT_EQ(fault_of(GetParam().head), GetParam().why); }

INSTANTIATE_TEST_SUITE_P(
    framing, heads_refused,
    testing::Values(
        refused{"two_lengths", with_lines("Content-Length: 5\r\nContent-Length: 6\r\n"), errc::ambiguous_framing},
        refused{"the_same_length_twice", with_lines("Content-Length: 5\r\nContent-Length: 5\r\n"),
                errc::ambiguous_framing},
        refused{"a_list_of_lengths", with_lines("Content-Length: 5, 5\r\n"), errc::ambiguous_framing},
        refused{"length_beside_chunked", with_lines("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                errc::ambiguous_framing},
        refused{"chunked_beside_length", with_lines("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
                errc::ambiguous_framing},
        refused{"chunked_in_http_1_0", with_lines("Transfer-Encoding: chunked\r\n", "1.0"), errc::ambiguous_framing},
        refused{"gzip_then_chunked", with_lines("Transfer-Encoding: gzip, chunked\r\n"), errc::ambiguous_framing},
        refused{"chunked_then_gzip", with_lines("Transfer-Encoding: chunked, gzip\r\n"), errc::ambiguous_framing},
        refused{"chunked_twice_in_a_line", with_lines("Transfer-Encoding: chunked, chunked\r\n"),
                errc::ambiguous_framing},
        refused{"chunked_twice", with_lines("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                errc::ambiguous_framing},
        refused{"two_types", with_lines("Content-Type: a/b\r\nContent-Type: a/b\r\n")},
        refused{"gzip_alone", with_lines("Transfer-Encoding: gzip\r\n"), errc::ambiguous_framing},
        refused{"identity", with_lines("Transfer-Encoding: identity\r\n"), errc::ambiguous_framing},
        refused{"empty_coding", with_lines("Transfer-Encoding:\r\n"), errc::ambiguous_framing},
        refused{"chunked_with_a_parameter", with_lines("Transfer-Encoding: chunked;q=1\r\n"), errc::ambiguous_framing},
        refused{"chunked_in_quotes", with_lines("Transfer-Encoding: \"chunked\"\r\n"), errc::ambiguous_framing},
        refused{"empty_length", with_lines("Content-Length:\r\n"), errc::ambiguous_framing},
        refused{"blank_length", with_lines("Content-Length:  \r\n"), errc::ambiguous_framing},
        refused{"negative_length", with_lines("Content-Length: -5\r\n"), errc::ambiguous_framing},
        refused{"length_with_a_sign", with_lines("Content-Length: +5\r\n"), errc::ambiguous_framing},
        refused{"hexadecimal_length", with_lines("Content-Length: 0x5\r\n"), errc::ambiguous_framing},
        refused{"length_with_a_fraction", with_lines("Content-Length: 5.0\r\n"), errc::ambiguous_framing},
        refused{"length_in_two_words", with_lines("Content-Length: 5 5\r\n"), errc::ambiguous_framing},
        refused{"length_over_64_bits", with_lines("Content-Length: 18446744073709551616\r\n"),
                errc::ambiguous_framing}),
    [](const auto& one) { return std::string(one.param.name); });

INSTANTIATE_TEST_SUITE_P(
    syntax, heads_refused,
    testing::Values(
        refused{"bare_line_feed_after_the_request_line", "GET / HTTP/1.1\nHost: a\r\n\r\n"},
        refused{"bare_line_feed_between_fields", with_lines("A: b\nC: d\r\n")},
        refused{"bare_carriage_return_in_a_value", with_lines("A: b\rC: d\r\n")},
        refused{"folded_by_a_blank", with_lines("A: b\r\n c\r\n")},
        refused{"folded_by_a_tab", with_lines("A: b\r\n\tc\r\n")},
        refused{"folded_before_the_first_field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
        refused{"blank_before_the_colon", with_lines("Content-Length : 5\r\n")},
        refused{"tab_before_the_colon", with_lines("Content-Length\t: 5\r\n")},
        refused{"no_colon", with_lines("nonsense\r\n")}, refused{"no_name", with_lines(": b\r\n")},
        refused{"blank_in_a_name", with_lines("A B: c\r\n")},
        refused{"byte_over_127_in_a_name", with_lines("A\xC3\xA4: c\r\n")},
        refused{"nul_in_a_name", with_lines("A\0B: c\r\n"s)}, refused{"nul_in_a_value", with_lines("A: b\0c\r\n"s)},
        refused{"nul_in_the_target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"s},
        refused{"escape_in_a_value", with_lines("A: \x1b[31m\r\n")},
        refused{"delete_in_a_value", with_lines("A: \x7f\r\n")},
        refused{"no_target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"},
        refused{"blank_in_the_target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
        refused{"two_blanks_before_the_version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"},
        refused{"no_version", "GET /\r\nHost: a\r\n\r\n"}, refused{"http_2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n"},
        refused{"http_0_9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n"},
        refused{"version_in_small_letters", "GET / http/1.1\r\nHost: a\r\n\r\n"},
        refused{"preface_of_http_2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        refused{"client_hello_of_tls", "\x16\x03\x01\r\n\r\n"s}, refused{"nothing", "\r\n\r\n"},
        refused{"bad_character_in_the_method", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n"},
        refused{"two_hosts", with_lines("Host: b\r\n")}, refused{"the_same_host_twice", with_lines("Host: a\r\n")},
        refused{"no_host_in_http_1_1", "GET / HTTP/1.1\r\n\r\n"}),
    [](const auto& one) { return std::string(one.param.name); });

struct accepted {
  std::string_view name;
  std::string head;
  framing body = framing::none;
  std::uint64_t length = 0;
  bool keep_alive = true;
};

class heads_accepted : public testing::TestWithParam<accepted> {};

TEST_P(heads_accepted, with_their_framing) {
  const auto& one = GetParam();
  request_head head;
  const auto read = parse_request_head(one.head, {}, head);
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(head.body, one.body);
  EXPECT_EQ(head.length, one.length);
  EXPECT_EQ(head.keep_alive, one.keep_alive);
}

INSTANTIATE_TEST_SUITE_P(
    each, heads_accepted,
    testing::Values(
        accepted{"without_a_body", with_lines("")},
        accepted{"length", with_lines("Content-Length: 5\r\n"), framing::length, 5},
        accepted{"length_of_nothing", with_lines("Content-Length: 0\r\n"), framing::length, 0},
        accepted{"length_with_leading_zeros", with_lines("Content-Length: 005\r\n"), framing::length, 5},
        accepted{"length_without_a_blank", with_lines("Content-Length:5\r\n"), framing::length, 5},
        accepted{"greatest_length", with_lines("Content-Length: 18446744073709551615\r\n"), framing::length,
                 18446744073709551615u},
        accepted{"chunked", with_lines("Transfer-Encoding: chunked\r\n"), framing::chunked},
        accepted{"chunked_in_any_case", with_lines("TRANSFER-encoding: Chunked\r\n"), framing::chunked},
        accepted{"empty_value", with_lines("A:\r\n")},
        accepted{"byte_over_127_in_a_value", with_lines("A: \xC3\xA4\r\n")},
        accepted{"unknown_method", "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n"},
        accepted{"absolute_form", "GET http://a.example/x?y HTTP/1.1\r\nHost: a.example\r\n\r\n"},
        accepted{"asterisk_form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
        accepted{"empty_host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
        accepted{"connection_close", with_lines("Connection: close\r\n"), framing::none, 0, false},
        accepted{"close_among_other_tokens", with_lines("Connection: x, Close\r\n"), framing::none, 0, false},
        accepted{"close_in_the_second_field", with_lines("Connection: keep-alive\r\nconnection: close\r\n"),
                 framing::none, 0, false},
        accepted{"closed_is_not_close", with_lines("Connection: closed\r\n")},
        accepted{"http_1_0_closes", with_lines("", "1.0"), framing::none, 0, false},
        accepted{"http_1_0_keeps_alive_on_demand", with_lines("Connection: x,, keep-alive\r\n", "1.0")},
        accepted{"http_1_0_without_host", "GET / HTTP/1.0\r\n\r\n", framing::none, 0, false},
        accepted{"http_1_0_with_length", with_lines("Content-Length: 3\r\n", "1.0"), framing::length, 3, false}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(request_heads, keep_method_target_and_fields_to_the_letter) {
  request_head head;
  ASSERT_TRUE(parse_request_head("BREW /a%20b?c=d HTTP/1.1\r\nhOsT: a\r\nX: \t one  two \t\r\n\r\n", {}, head));
  EXPECT_EQ(head.method, "BREW");
  EXPECT_EQ(head.target, "/a%20b?c=d");
  ASSERT_EQ(head.fields.size(), 2u);
  EXPECT_EQ(head.fields[0].name, "hOsT");
  EXPECT_EQ(head.fields[1].value, "one  two");
}

TEST(request_heads, leave_nothing_behind_for_the_next) {
  request_head head;
  ASSERT_TRUE(
      parse_request_head(with_lines("Content-Length: 5\r\nConnection: close\r\nExpect: 100-continue\r\n"), {}, head));
  EXPECT_TRUE(head.expects_continue);
  ASSERT_TRUE(parse_request_head("GET / HTTP/1.1\r\nHost: a\r\n\r\n", {}, head));
  EXPECT_EQ(head.fields.size(), 1u);
  EXPECT_EQ(head.body, framing::none);
  EXPECT_EQ(head.length, 0u);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.expects_continue);
}

TEST(request_heads, of_http_1_0_do_not_expect_to_go_on) {
  const auto text = with_lines("Content-Length: 5\r\nExpect: 100-continue\r\n", "1.0");
  request_head head;
  ASSERT_TRUE(parse_request_head(text, {}, head));
  EXPECT_TRUE(head.http_1_0);
  EXPECT_FALSE(head.expects_continue);
}

TEST(request_heads, end_where_they_say) {
  EXPECT_EQ(fault_of("GET / HTTP/1.1\r\nHost: a\r\n"), errc::malformed_request);
  EXPECT_EQ(fault_of("GET / HT"), errc::malformed_request);
  EXPECT_EQ(fault_of(""), errc::malformed_request);
}

std::string with_fields(std::size_t count) {
  std::string lines = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (std::size_t i = 1; i < count; ++i) lines += fmt::format("X{}: y\r\n", i);
  return lines + "\r\n";
}

TEST(head_limits, hold_for_the_number_of_fields) {
  EXPECT_EQ(fault_of(with_fields(100)), std::nullopt);
  EXPECT_EQ(fault_of(with_fields(101)), errc::head_too_large);
  request_head again;
  EXPECT_FALSE(parse_request_head(with_fields(101), {}, again));
  EXPECT_TRUE(parse_request_head(with_fields(100), {}, again)) << "an earlier head counts for the next";
}

TEST(head_limits, hold_at_the_byte) {
  const auto frame = with_lines("X: \r\n").size();
  for (const std::size_t size : {200uz, 8192uz, 32768uz}) {
    const head_limits limits{.bytes = size};
    for (const int more : {-1, 0, 1}) {
      const auto wanted = size + static_cast<std::size_t>(more);
      const auto text = with_lines("X: " + std::string(wanted - frame, 'v') + "\r\n");
      ASSERT_EQ(text.size(), wanted);
      std::size_t scanned = 0;
      const auto measured = measure_head(text, scanned, limits);
      if (more > 0) {
        ASSERT_FALSE(measured);
        EXPECT_EQ(measured.error().code, errc::head_too_large);
      } else {
        ASSERT_TRUE(measured);
        EXPECT_EQ(*measured, wanted);
        EXPECT_EQ(fault_of(text, limits), std::nullopt) << wanted << " bytes";
      }
    }
  }
}

TEST(head_limits, stop_a_head_without_end) {
  std::size_t scanned = 0;
  EXPECT_EQ(measure_head(std::string(100, 'a'), scanned, {.bytes = 100}), 0u);
  const auto over = measure_head(std::string(101, 'a'), scanned, {.bytes = 100});
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, errc::head_too_large);
}

TEST(measuring, finds_the_end_wherever_the_bytes_were_cut) {
  const auto head = with_lines("A: b\r\n");
  const auto input = head + "\n\nbody\r\n\r\n";
  for (std::size_t first = 0; first < head.size(); ++first) {
    for (std::size_t second = first; second < head.size(); ++second) {
      std::size_t scanned = 0;
      ASSERT_EQ(measure_head(input.substr(0, first), scanned, {}), 0u);
      ASSERT_EQ(measure_head(input.substr(0, second), scanned, {}), 0u);
      ASSERT_EQ(measure_head(input, scanned, {}), head.size()) << first << ' ' << second;
    }
  }
}

/// It would never end, and its sender would wait for an answer as long as the limit allows.
TEST(measuring, refuses_a_head_that_ends_by_bare_line_feeds) {
  const std::string head = "GET / HTTP/1.1\nHost: a\n\n";
  std::size_t scanned = 0;
  for (std::size_t size = 1; size < head.size(); ++size) {
    ASSERT_EQ(measure_head(head.substr(0, size), scanned, {}), 0u) << size;
  }
  const auto end = measure_head(head, scanned, {});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, errc::malformed_request);
}

TEST(fields, are_found_by_name_in_any_case) {
  const field all[]{{"Via", "1"}, {"X", "2"}, {"via", "3"}};
  EXPECT_EQ(find_field(all, "VIA"), "1");
  EXPECT_EQ(find_field(all, "vi"), std::nullopt);
}

TEST(fields, hold_tokens_over_all_of_one_name) {
  const field all[]{{"Connection", "a , \"b"}, {"X", "close"}, {"CONNECTION", ",, Close,"}};
  EXPECT_TRUE(has_token(all, "connection", "close"));
  EXPECT_TRUE(has_token(all, "connection", "A"));
  EXPECT_FALSE(has_token(all, "connection", "clos"));
  EXPECT_FALSE(has_token(all, "other", "close"));
}

struct answer_rule {
  std::string_view name;
  std::string_view head;
  bool to_head = false;
  framing body = framing::none;
  bool keep_alive = true;
};

class answers_end : public testing::TestWithParam<answer_rule> {};

TEST_P(answers_end, by_rule) {
  const auto& one = GetParam();
  response_head head;
  const auto read = parse_response_head(one.head, {}, one.to_head, head);
  ASSERT_TRUE(read) << read.error().to_string();
  EXPECT_EQ(head.body, one.body);
  EXPECT_EQ(head.keep_alive, one.keep_alive);
}

INSTANTIATE_TEST_SUITE_P(
    each, answers_end,
    testing::Values(answer_rule{"by_length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", false, framing::length},
                    answer_rule{"by_the_last_chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false,
                                framing::chunked},
                    answer_rule{"by_closing", "HTTP/1.1 200 OK\r\n\r\n", false, framing::until_close, false},
                    answer_rule{"by_closing_in_http_1_0", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", false,
                                framing::until_close, false},
                    answer_rule{"by_length_in_http_1_0", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", false,
                                framing::length, false},
                    answer_rule{"with_the_head_to_head", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true,
                                framing::none, false},
                    answer_rule{"with_the_head_to_head_though_chunked",
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true, framing::none, false},
                    answer_rule{"with_the_head_to_head_without_length", "HTTP/1.1 200 OK\r\n\r\n", true},
                    answer_rule{"with_the_head_of_204", "HTTP/1.1 204 No Content\r\n\r\n"},
                    answer_rule{"with_the_head_of_304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false,
                                framing::none, false},
                    answer_rule{"with_the_head_of_100", "HTTP/1.1 100 Continue\r\n\r\n"},
                    answer_rule{"without_a_reason", "HTTP/1.1 204 \r\n\r\n"},
                    answer_rule{"by_length_and_close",
                                "HTTP/1.1 500 No\r\nConnection: close\r\nContent-Length: 1\r\n\r\n", false,
                                framing::length, false}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(response_heads, are_as_strict) {
  for (const auto lines : {"Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: -1\r\n", "A : b\r\n",
                           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n",
                           "A: b\r\n c\r\n", "A: b\nC: d\r\n", "Content-Type: a/b\r\nContent-Type: c/d\r\n"}) {
    response_head head;
    EXPECT_FALSE(parse_response_head(fmt::format("HTTP/1.1 200 OK\r\n{}\r\n", lines), {}, false, head)) << lines;
  }
  for (const auto* const line : {"HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 OK", "HTTP/3.0 200 OK", "ICY 200 OK",
                                 "HTTP/1.1 600 What", "HTTP/1.1 099 OK"}) {
    response_head head;
    EXPECT_FALSE(parse_response_head(fmt::format("{}\r\nContent-Length: 0\r\n\r\n", line), {}, false, head)) << line;
  }
}

TEST(request_heads, leave_out_what_connection_names) {
  const auto text = with_lines(
      "Connection: close, OpenAI-Organization\r\nopenai-organization: a\r\n"
      "X-Other: b\r\n");
  request_head head;
  ASSERT_TRUE(parse_request_head(text, {}, head));
  EXPECT_FALSE(head.find("openai-organization"));
  EXPECT_EQ(head.find("x-other"), "b");
  EXPECT_FALSE(head.keep_alive);
}

TEST(request_heads, keep_what_says_who_may_enter_though_connection_names_it) {
  const auto text = with_lines(
      "Connection: host, origin, via, content-length\r\nOrigin: http://a\r\n"
      "Via: 1.1 x\r\nContent-Length: 3\r\n");
  request_head head;
  ASSERT_TRUE(parse_request_head(text, {}, head));
  EXPECT_TRUE(head.find("host") && head.find("origin") && head.find("via"));
  EXPECT_EQ(head.length, 3U);
}

TEST(response_heads, tell_status_and_reason) {
  response_head head;
  ASSERT_TRUE(parse_response_head("HTTP/1.1 529 Overloaded, sorry\r\nContent-Length: 0\r\n\r\n", {}, false, head));
  EXPECT_EQ(head.status, 529);
  EXPECT_EQ(head.reason, "Overloaded, sorry");
}

struct handshake {
  std::string_view name;
  std::string_view line = "GET / HTTP/1.1\r\n";
  std::string_view fields = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n";
  bool asks = false;
};

class handshakes : public testing::TestWithParam<handshake> {};

TEST_P(handshakes, ask_for_websocket) {
  std::string text(GetParam().line);
  text.append("Host: a\r\n").append(GetParam().fields).append("\r\n");
  request_head head;
  ASSERT_TRUE(parse_request_head(text, {}, head));
  EXPECT_EQ(asks_for_websocket(head), GetParam().asks);
}

INSTANTIATE_TEST_SUITE_P(
    each, handshakes,
    testing::Values(
        handshake{.name = "plainly", .asks = true},
        handshake{.name = "in_any_case",
                  .fields = "connection: UPGRADE\r\nupgrade: WebSocket\r\nContent-Length: 0\r\n",
                  .asks = true},
        handshake{.name = "among_others", .fields = "Connection: Upgrade\r\nUpgrade: h2c, websocket\r\n", .asks = true},
        handshake{.name = "not_by_another_method", .line = "POST / HTTP/1.1\r\n"},
        handshake{.name = "not_in_http_1_0", .line = "GET / HTTP/1.0\r\n"},
        handshake{.name = "not_for_another_protocol", .fields = "Connection: Upgrade\r\nUpgrade: h2c\r\n"},
        handshake{.name = "not_where_connection_does_not_say_so", .fields = "Upgrade: websocket\r\n"},
        handshake{.name = "not_before_a_body",
                  .fields = "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n"},
        handshake{.name = "not_before_chunks",
                  .fields = "Connection: Upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked\r\n"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(response_heads, that_switch_protocols_are_followed_by_all_that_comes) {
  response_head head;
  ASSERT_TRUE(parse_response_head("HTTP/1.1 101 Switching Protocols\r\nContent-Length: 3\r\n\r\n", {}, false, head));
  EXPECT_EQ(head.body, framing::until_close);
  EXPECT_FALSE(head.keep_alive);
}

}  // namespace
}  // namespace refrain::http

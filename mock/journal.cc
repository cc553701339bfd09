#include "mock/journal.h"

#include <boost/json.hpp>

#include "base/base64.h"
#include "mock/json.h"
#include "mock/openai.h"
#include "mock/renderer.h"

namespace refrain::mock {
namespace {

constexpr std::size_t most_paths = 1000;

/// Boost.JSON writes strings unchecked and reads only UTF-8.
bool is_utf8(const std::string& text) { return parse_json(json::serialize(json::string(text))).has_value(); }

answer wrap(const json::object& body) { return {.pieces = {json::serialize(body) + "\n"}}; }

}  // namespace

std::uint64_t journal::next_number() {
  const std::lock_guard lock(guard_);
  return ++numbered_;
}

void journal::begin(const call& asked) {
  const std::lock_guard lock(guard_);
  ++tally_.calls;
  ++tally_.in_flight;
  const std::string path(asked.path());
  const bool room = tally_.by_path.size() < most_paths || tally_.by_path.contains(path);
  ++tally_.by_path[room ? path : "(other)"];
}

void journal::count(std::uint64_t tally::* what, std::int64_t by) {
  const std::lock_guard lock(guard_);
  tally_.*what += static_cast<std::uint64_t>(by);
}

void journal::keep(const call& asked, std::uint64_t body_bytes) {
  call copy{.number = asked.number,
            .method = asked.method,
            .target = asked.target,
            .headers = asked.headers,
            .body = asked.body.substr(0, kept_body)};
  const std::lock_guard lock(guard_);
  last_ = std::move(copy);
  last_body_bytes_ = body_bytes;
}

tally journal::counters() const {
  const std::lock_guard lock(guard_);
  return tally_;
}

void journal::reset() {
  const std::lock_guard lock(guard_);
  tally_ = {.in_flight = tally_.in_flight};
  last_.reset();
  last_body_bytes_ = 0;
}

std::optional<answer> journal::answer_control(const call& asked) {
  const auto path = asked.path();
  if (!path.starts_with("/__mock/")) return std::nullopt;
  if (asked.method == "GET" && path == "/__mock/calls") return calls_as_json();
  if (asked.method == "GET" && path == "/__mock/last-request") return last_as_json();
  if (asked.method == "POST" && path == "/__mock/reset") {
    reset();
    return calls_as_json();
  }
  return renderer(openai::api, asked).refuse("no_control");
}

answer journal::calls_as_json() const {
  const auto now = counters();
  json::object by_path;
  for (const auto& [path, count] : now.by_path) by_path[path] = count;
  return wrap({{"calls", now.calls},
               {"by_path", by_path},
               {"in_flight", now.in_flight},
               {"abandoned", now.abandoned},
               {"connections", now.connections},
               {"bytes_out", now.bytes_out}});
}

answer journal::last_as_json() const {
  const std::lock_guard lock(guard_);
  if (!last_) return {.status = 404, .pieces = {"{}\n"}};
  json::array headers;
  for (const auto& one : last_->headers) headers.push_back(json::array{one.name, one.value});
  json::object body{{"number", last_->number},
                    {"method", last_->method},
                    {"target", last_->target},
                    {"headers", headers},
                    {"body_bytes", last_body_bytes_}};
  if (is_utf8(last_->body)) {
    body["body"] = last_->body;
  } else {
    body["body_base64"] = base::base64_encode(last_->body);
  }
  return wrap(body);
}

}  // namespace refrain::mock

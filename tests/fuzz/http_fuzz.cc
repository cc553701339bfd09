// What an HTTP message says does not depend on where its bytes were cut, and the parsers stay within their input. The
// first bytes choose the cuts; the rest is read as a request and as an answer.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/body.h"
#include "http/head.h"

using namespace refrain::http;

namespace {

constexpr head_limits limits{.bytes = 2048, .fields = 20};

void must(bool holds) {
  if (!holds) std::abort();
}

bool lies_within(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

/// A message in words: its head, its content, how it ended and what is left.
std::string describe(const message_head& head, std::string_view bytes) {
  must(head.fields.size() <= limits.fields);
  std::string text;
  for (const auto& [name, value] : head.fields) {
    must(!name.empty() && lies_within(name, bytes) && lies_within(value, bytes));
    must(value.find_first_of("\r\n") == std::string_view::npos &&
         name.find_first_of("\r\n: ") == std::string_view::npos);
    text.append(name).append(1, '=').append(value).append(1, '|');
  }
  text += std::to_string(static_cast<int>(head.body)) + ' ' + std::to_string(head.length);
  return text.append(head.keep_alive ? " keep" : " close").append(1, '|');
}

/// The bytes as they arrive: pieces of `steps` bytes in turn, all at once where there are none.
class arrivals {
 public:
  arrivals(std::string_view all, std::string_view steps) : all_(all), steps_(steps) {}

  bool more() {
    if (size_ == all_.size()) return false;
    const auto step =
        steps_.empty() ? all_.size() : static_cast<unsigned char>(steps_[turn_++ % steps_.size()]) % 16 + 1u;
    size_ = std::min(size_ + step, all_.size());
    return true;
  }
  [[nodiscard]] std::string_view so_far() const { return all_.substr(0, size_); }

 private:
  std::string_view all_;
  std::string_view steps_;
  std::size_t size_ = 0;
  std::size_t turn_ = 0;
};

std::string read_body(const message_head& head, arrivals& from, std::size_t at) {
  body_decoder body{head};
  std::string text;
  while (!body.done()) {
    const auto step = body.feed(from.so_far().substr(at));
    if (!step) return text + "|ambiguous";
    must(step->content.size() <= step->consumed && at + step->consumed <= from.so_far().size());
    at += step->consumed;
    text += step->content;
    if (step->consumed == 0 && !body.done() && !from.more()) {
      return text + (body.end_of_stream() ? "|ended" : "|cut short");
    }
  }
  while (from.more()) {
  }
  return text + "|done, left " + std::to_string(from.so_far().size() - at);
}

template <class Head, class Parse>
std::string read(std::string_view input, std::string_view steps, Parse parse) {
  arrivals from{input, steps};
  std::size_t scanned = 0;
  while (true) {
    const auto size = measure_head(from.so_far(), scanned, limits);
    // What is wrong with it may show earlier or later; that it is refused must not.
    if (!size) return "refused";
    if (*size > 0) {
      must(*size <= limits.bytes);
      Head head;
      const auto bytes = from.so_far().substr(0, *size);
      if (!parse(bytes, head)) return "refused";
      return describe(head, bytes) + read_body(head, from, *size);
    }
    if (!from.more()) return "incomplete";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view all{reinterpret_cast<const char*>(bytes), size};
  const auto steps = all.substr(0, 4);
  const auto input = all.substr(steps.size());
  const auto request = [](std::string_view head, request_head& into) {
    return parse_request_head(head, limits, into).has_value();
  };
  const auto answer = [](std::string_view head, response_head& into) {
    return parse_response_head(head, limits, false, into).has_value();
  };
  must(read<request_head>(input, {}, request) == read<request_head>(input, steps, request));
  must(read<response_head>(input, {}, answer) == read<response_head>(input, steps, answer));
  return 0;
}

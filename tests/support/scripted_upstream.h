#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace refrain::tests {

/// An upstream that does what a test tells it, byte by byte and step by step: for what `refrain mock` has no control
/// for, and where the test decides when the answer goes on. Each connection has a thread of its own.
class scripted_upstream {
 public:
  /// One request, as the script sees it. The connection stays open for the next unless the script closes it.
  class turn {
   public:
    std::string request;      ///< head and body as they came
    unsigned number = 0;      ///< of this request, over all connections, from 1 on
    unsigned connection = 0;  ///< from 1 on

    [[nodiscard]] bool has(std::string_view text) const { return request.contains(text); }
    void write(std::string_view bytes);
    void close();

   private:
    friend class scripted_upstream;
    explicit turn(void* socket) : socket_(socket) {}
    void* socket_;
  };
  using script = std::function<void(turn&)>;

  /// Listens on a free port of 127.0.0.1.
  explicit scripted_upstream(script what);
  /// Ends every connection and waits for the scripts: none may still wait for its test.
  ~scripted_upstream();
  scripted_upstream(const scripted_upstream&) = delete;
  scripted_upstream& operator=(const scripted_upstream&) = delete;

  /// `http://127.0.0.1:port/v1`
  [[nodiscard]] std::string base_url() const;
  /// Requests that have come in.
  [[nodiscard]] unsigned calls() const;

 private:
  struct machine;
  std::unique_ptr<machine> machine_;
};

/// A whole response with its length. `fields`: `name: value\r\n` lines.
[[nodiscard]] std::string response(std::string_view body, std::string_view type = "application/json",
                                   std::string_view fields = "");
/// The head of an event stream, which ends with the connection's chunked coding.
[[nodiscard]] std::string stream_head();
/// One chunk of the chunked coding; an empty one is the end.
[[nodiscard]] std::string chunk(std::string_view bytes);
/// An event of a chat stream with that content; the last one also finishes and says [DONE].
[[nodiscard]] std::string chat_event(std::string_view content);
[[nodiscard]] std::string chat_end();
/// A plain chat completion with that content.
[[nodiscard]] std::string chat_answer(std::string_view content);

}  // namespace refrain::tests

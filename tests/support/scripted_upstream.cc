#include "support/scripted_upstream.h"

#include <sys/socket.h>

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <list>
#include <mutex>
#include <thread>

#include "base/text.h"

namespace refrain::tests {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Bytes of the first request in `bytes`; 0 while it is incomplete.
std::size_t request_size(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  constexpr std::string_view name = "content-length:";
  const auto head = base::to_lower(bytes.substr(0, end + 2));
  std::size_t length = 0;
  if (const auto at = head.find(name); at != std::string::npos) {
    const auto from = head.find_first_not_of(' ', at + name.size());
    std::from_chars(head.data() + from, head.data() + head.size(), length);
  }
  const auto size = end + 4 + length;
  return bytes.size() < size ? 0 : size;
}

}  // namespace

struct scripted_upstream::machine {
  explicit machine(script told) : what(std::move(told)) {
    acceptor.open(tcp::v4());
    acceptor.bind({asio::ip::address_v4::loopback(), 0});
    acceptor.listen();
  }

  void accept() {
    while (true) {
      tcp::socket socket{context};
      error_code fault;
      acceptor.accept(socket, fault);
      const std::lock_guard guard{mutex};
      if (fault || closing) return;
      auto& kept = sockets.emplace_back(std::move(socket));
      threads.emplace_back([this, &kept, number = ++connections] { serve(kept, number); });
    }
  }

  void serve(tcp::socket& socket, unsigned connection) {
    std::string bytes;
    while (true) {
      const auto size = request_size(bytes);
      if (size == 0) {
        char some[4096];
        error_code fault;
        const auto count = socket.read_some(asio::buffer(some), fault);
        if (fault) return;
        bytes.append(some, count);
        continue;
      }
      turn now{&socket};
      now.request = bytes.substr(0, size);
      now.number = ++calls;
      now.connection = connection;
      bytes.erase(0, size);
      what(now);
    }
  }

  script what;
  asio::io_context context;
  tcp::acceptor acceptor{context};
  std::mutex mutex;
  bool closing = false;            ///< guarded by mutex
  unsigned connections = 0;        ///< guarded by mutex
  std::list<tcp::socket> sockets;  ///< guarded by mutex
  std::atomic<unsigned> calls{0};
  std::list<std::jthread> threads;  ///< guarded by mutex
  std::jthread acceptance;
};

void scripted_upstream::turn::write(std::string_view bytes) {
  error_code ignored;
  asio::write(*static_cast<tcp::socket*>(socket_), asio::buffer(bytes), ignored);
}

void scripted_upstream::turn::close() {
  error_code ignored;
  static_cast<tcp::socket*>(socket_)->shutdown(tcp::socket::shutdown_both, ignored);
}

scripted_upstream::scripted_upstream(script what) : machine_(std::make_unique<machine>(std::move(what))) {
  machine_->acceptance = std::jthread([&all = *machine_] { all.accept(); });
}

scripted_upstream::~scripted_upstream() {
  {
    const std::lock_guard guard{machine_->mutex};
    machine_->closing = true;
    // Closing a descriptor wakes nobody who waits on it; shutting it down does.
    ::shutdown(machine_->acceptor.native_handle(), SHUT_RDWR);
    for (auto& one : machine_->sockets) ::shutdown(one.native_handle(), SHUT_RDWR);
  }
  machine_->acceptance.join();
  machine_->threads.clear();
}

std::string scripted_upstream::base_url() const {
  return "http://127.0.0.1:" + std::to_string(machine_->acceptor.local_endpoint().port()) + "/v1";
}

unsigned scripted_upstream::calls() const { return machine_->calls; }

std::string response(std::string_view body, std::string_view type, std::string_view fields) {
  std::string text = "HTTP/1.1 200 OK\r\nContent-Type: ";
  text.append(type).append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n");
  return text.append(fields).append("\r\n").append(body);
}

std::string stream_head() {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
}

std::string chunk(std::string_view bytes) {
  char digits[20];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), bytes.size(), 16).ptr;
  return std::string(digits, end).append("\r\n").append(bytes).append("\r\n");
}

std::string chat_event(std::string_view content) {
  std::string text = R"(data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini",)"
                     R"("choices":[{"index":0,"delta":{"role":"assistant","content":")";
  return text.append(content).append("\"},\"finish_reason\":null}]}\n\n");
}

std::string chat_end() {
  return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-4o-mini\","
         "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
}

std::string chat_answer(std::string_view content) {
  std::string text = R"({"id":"c1","object":"chat.completion","created":1,"model":"gpt-4o-mini",)"
                     R"("choices":[{"index":0,"message":{"role":"assistant","content":")";
  return text.append(content).append(
      R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}})");
}

}  // namespace refrain::tests

#include "gateway/reading.h"

namespace refrain::gateway {

net::task<base::result<std::vector<base::slice>>> collect(std::shared_ptr<entry::recording::reader> reader) {
  std::vector<base::slice> all;
  while (true) {
    const auto piece = co_await reader->next(false);
    if (!piece) co_return base::fail(piece.error());
    if (piece->empty()) co_return all;
    all.push_back(*piece);
  }
}

std::string joined(std::span<const base::slice> pieces) {
  std::size_t size = 0;
  for (const auto& one : pieces) size += one.size();
  std::string body;
  body.reserve(size);
  for (const auto& one : pieces) body.append(one.view());
  return body;
}

}  // namespace refrain::gateway

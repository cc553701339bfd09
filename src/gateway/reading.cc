#include "gateway/reading.h"

namespace refrain::gateway {

net::task<base::result<std::string>> collect(std::shared_ptr<entry::recording::reader> reader) {
  std::string all;
  while (true) {
    const auto piece = co_await reader->next(false);
    if (!piece) co_return base::fail(piece.error());
    if (piece->empty()) co_return all;
    all.append(piece->view());
  }
}

}  // namespace refrain::gateway

#include "entry/entries.h"

#include <utility>

#include "net/gather.h"

namespace refrain::entry {

net::task<std::vector<entry_ptr>> entries::get_many(std::vector<entry_id> ids) {
  std::vector<net::task<base::result<entry_ptr>>> reads;
  for (auto& id : ids) reads.push_back(get(std::move(id)));
  auto answers = co_await net::gather(std::move(reads));
  std::vector<entry_ptr> found;
  for (auto& one : answers) found.push_back(one ? *std::move(one) : nullptr);
  co_return found;
}

}  // namespace refrain::entry

#include "provider/rules/list_items.h"

#include <utility>
#include <vector>

#include "provider/json/json_tree.h"

namespace refrain::provider {

std::string with_items(std::string_view body, std::string_view list, std::span<const std::size_t> wanted) {
  auto tree = json_tree::parse(body);
  auto* const items = tree ? tree->find(list) : nullptr;
  const bool is_list = items != nullptr && items->is(json_tree::kind::array);
  if (!is_list || items->elements.size() == wanted.size()) return std::string{body};
  std::vector<json_tree> some;
  for (const auto i : wanted) some.push_back(std::move(items->elements[i]));
  items->elements = std::move(some);
  std::string asked;
  tree->write(asked);
  return asked;
}

}  // namespace refrain::provider

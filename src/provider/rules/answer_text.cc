#include <string>
#include <utility>

#include "provider/json/json_text.h"
#include "provider/json/json_tree.h"
#include "provider/rules/dialect.h"

namespace refrain::provider {
namespace {

/// Appends the texts that stand at a path of member names with dots between: through lists, in their order.
void gather_texts(const json_tree& from, std::string_view path, std::string& into) {
  for (const auto& one : from.elements) gather_texts(one, path, into);
  if (path.empty()) {
    if (!from.is(json_tree::kind::string)) return;
    if (const auto text = text_of_json(from.text)) into.append(into.empty() ? "" : "\n").append(*text);
    return;
  }
  const auto dot = path.find('.');
  const auto* const inner = from.find(path.substr(0, dot));
  if (inner != nullptr) gather_texts(*inner, dot == std::string_view::npos ? "" : path.substr(dot + 1), into);
}

}  // namespace

std::optional<std::string> dialect::answer_text(const recorded& answer) const {
  if (rules_.last_text.answered.empty()) return std::nullopt;
  std::string turned;
  auto plain = answer.body;
  if (answer.form != wire_form::plain) {
    auto made = render(answer, wire_form::plain, false);
    if (!made) return std::nullopt;
    turned = std::move(made->body);
    plain = turned;
  }
  const auto body = json_tree::parse(plain);
  if (!body) return std::nullopt;
  std::string text;
  gather_texts(*body, rules_.last_text.answered, text);
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace refrain::provider

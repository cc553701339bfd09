#include "mock/routes.h"

#include <fmt/format.h>

#include "mock/openai.h"
#include "mock/openai_chat.h"
#include "mock/openai_models.h"
#include "mock/plain.h"

namespace refrain::mock {
namespace {

answer unknown_url(const call& asked) {
  return openai::refuse(asked,
                        {.status = 404, .message = fmt::format("Invalid URL ({} {})", asked.method, asked.path())});
}

constexpr dialect openai_dialect{.refuse = openai::refuse, .credential = openai::credential};

constexpr route routes[] = {
    {"POST", "*/chat/completions", &openai_dialect, openai::chat_completions},
    {"GET", "*/models", &openai_dialect, openai::list_models},
    {"GET", "*/models/*", &openai_dialect, openai::one_model},
    {"GET", "*/bytes/*", &openai_dialect, plain::counted_bytes},
    {"POST", "*/echo", &openai_dialect, nullptr},
    {"*", "*/anything/*", &openai_dialect, nullptr},
    {"*", "*/anything", &openai_dialect, nullptr},
};

constexpr route no_route{"*", "*", &openai_dialect, unknown_url};

}  // namespace

bool fits(std::string_view pattern, std::string_view path) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == path;
  if (!path.starts_with(pattern.substr(0, star))) return false;
  const auto rest = pattern.substr(star + 1);
  for (auto from = star; from <= path.size(); ++from) {
    if (fits(rest, path.substr(from))) return true;
  }
  return false;
}

const route& find_route(std::string_view method, std::string_view path) {
  const auto wanted = method == "HEAD" ? "GET" : method;
  for (const auto& row : routes) {
    if ((row.method == "*" || row.method == wanted) && fits(row.pattern, path)) return row;
  }
  return no_route;
}

}  // namespace refrain::mock

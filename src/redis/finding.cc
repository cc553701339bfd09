#include "redis/finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace refrain::redis {

finding from_sentence(std::string check, condition what, std::string_view place, std::string_view sentence) {
  constexpr std::string_view joint = ": ";
  const auto end = std::min(sentence.find(joint), sentence.size());
  const auto remedy = sentence.substr(std::min(end + joint.size(), sentence.size()));
  const auto fault = sentence.substr(0, end);
  return {.check = std::move(check),
          .what = what,
          .text = place.empty() ? std::string{fault} : fmt::format("{}: {}", place, fault),
          .remedy = std::string{remedy}};
}

void append(findings& to, findings more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace refrain::redis

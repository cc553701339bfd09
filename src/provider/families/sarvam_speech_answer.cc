#include "provider/families/sarvam_speech_answer.h"

#include <fmt/format.h>

#include <iterator>
#include <optional>
#include <utility>

#include "base/base64.h"
#include "provider/json/json_tree.h"
#include "provider/rules/json_answer.h"

namespace refrain::provider {
namespace {

using entry::uncacheable_reason;

constexpr std::string_view audios_member = "audios";

class audios_judge final : public presence_judge {
 public:
  [[nodiscard]] uncacheable_reason take(const canonical_value& answer) override {
    if (holds_error(answer)) return uncacheable_reason::error_event;
    const auto audios = answer.find(audios_member);
    if (!audios || !audios->is(json_kind::array)) return uncacheable_reason::malformed_answer;
    for (auto left = audios->elements(); const auto one = left.next();) {
      const auto audio = one->string() ? base::base64_decode(*one->string()) : std::nullopt;
      if (!audio) return uncacheable_reason::malformed_answer;
      if (audio->empty()) return uncacheable_reason::empty_answer;
      has_content_ = true;
    }
    return uncacheable_reason::none;
  }
};

/// An answer as a tree, if it has a list of audios.
std::optional<json_tree> tree_of(std::string_view answer) {
  auto tree = json_tree::parse(answer);
  const auto* const audios = tree ? tree->find(audios_member) : nullptr;
  if (audios == nullptr || !audios->is(json_tree::kind::array)) return std::nullopt;
  return tree;
}

}  // namespace

std::unique_ptr<answer_reader> read_sarvam_audios() { return read_json_answer(std::make_unique<audios_judge>()); }

base::result<std::vector<std::string>> split_sarvam_audios(std::string_view answer, std::size_t count) {
  auto tree = tree_of(answer);
  const auto found = tree ? tree->find(audios_member)->elements.size() : 0;
  if (found != count) {
    return base::fail(base::errc::upstream_protocol,
                      fmt::format("the upstream answered {} audios to {} texts", found, count));
  }
  if (count == 1) return std::vector{std::string(answer)};

  auto audios = std::exchange(tree->find(audios_member)->elements, {});
  std::vector<std::string> parts;
  for (auto& audio : audios) {
    auto& list = tree->find(audios_member)->elements;
    list.clear();
    list.push_back(std::move(audio));
    tree->write(parts.emplace_back());
  }
  return parts;
}

base::result<std::string> join_sarvam_audios(std::span<const std::string_view> answers) {
  if (answers.size() == 1) return std::string(answers[0]);
  std::optional<json_tree> joined;
  for (const auto answer : answers) {
    auto tree = tree_of(answer);
    if (!tree) return base::fail(base::errc::not_found, "an audio cannot be read");
    if (!joined) {
      joined = std::move(tree);
    } else {
      std::ranges::move(tree->find(audios_member)->elements, std::back_inserter(joined->find(audios_member)->elements));
    }
  }
  std::string body;
  if (joined) joined->write(body);
  return body;
}

}  // namespace refrain::provider

#include "mock/renderer.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ctime>
#include <map>
#include <optional>
#include <utility>

#include "mock/json.h"

namespace refrain::mock {

extern const std::string_view anthropic_templates, cartesia_templates, deepgram_templates, elevenlabs_templates,
    gemini_templates, ollama_templates, openai_templates, sarvam_templates;

namespace {

namespace json = boost::json;

const json::object& templates_of(std::string_view provider) {
  static const auto all = [] {
    std::map<std::string_view, json::object> read;
    for (const auto& [name, text] : {std::pair{"anthropic", anthropic_templates},
                                     {"cartesia", cartesia_templates},
                                     {"deepgram", deepgram_templates},
                                     {"elevenlabs", elevenlabs_templates},
                                     {"gemini", gemini_templates},
                                     {"ollama", ollama_templates},
                                     {"openai", openai_templates},
                                     {"sarvam", sarvam_templates}}) {
      read[name] = json::parse(text).as_object();
    }
    return read;
  }();
  return all.at(provider);
}

std::string plain_text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

bool is_given(const json::value* value, need kind) {
  if (value == nullptr || value->is_null()) return false;
  if (kind == need::any || (kind == need::text_or_object && value->is_object())) return true;
  return value->is_string() && !value->get_string().empty();
}

/// Fills in templates: `near` has the values of one of them, `far` those of the whole answer.
class filling {
 public:
  filling(const json::object& near, const json::object& far) : near_(near), far_(far) {}

  /// Nothing where the template is a placeholder without a value.
  [[nodiscard]] std::optional<json::value> fill(const json::value& form) const {
    if (const auto* text = form.if_string()) return fill_text(*text);
    if (const auto* list = form.if_array()) {
      json::array filled;
      for (const auto& one : *list) {
        if (auto value = fill(one)) filled.push_back(*std::move(value));
      }
      return filled;
    }
    return form.is_object() ? fill_object(form.get_object()) : form;
  }

 private:
  [[nodiscard]] json::value fill_object(const json::object& form) const {
    json::object filled;
    for (const auto& [written, part] : form) {
      const std::string_view key = written;
      const auto mark = key.find('?');
      if (mark != std::string_view::npos) {
        const auto* condition = find(key.substr(mark + 1));
        if (condition == nullptr || *condition == false) continue;
      }
      if (auto value = fill(part)) filled.emplace(key.substr(0, mark), *std::move(value));
    }
    return filled;
  }

  [[nodiscard]] std::optional<json::value> fill_text(std::string_view text) const {
    if (text.starts_with('{') && text.find('}') == text.size() - 1) return value_of(text.substr(1, text.size() - 2));
    std::string filled;
    while (true) {
      const auto open = text.find('{');
      filled += text.substr(0, open);
      if (open == std::string_view::npos) return json::string(filled);
      const auto close = text.find('}', open);
      if (const auto value = value_of(text.substr(open + 1, close - open - 1))) filled += plain_text(*value);
      text.remove_prefix(close + 1);
    }
  }

  /// The first of the alternatives that there is.
  [[nodiscard]] std::optional<json::value> value_of(std::string_view alternatives) const {
    while (true) {
      const auto bar = alternatives.find('|');
      const auto one = alternatives.substr(0, bar);
      if (one == "null") return nullptr;
      if (one.starts_with('=')) return json::string(one.substr(1));
      if (const auto* value = find(one)) return *value;
      if (bar == std::string_view::npos) return std::nullopt;
      alternatives.remove_prefix(bar + 1);
    }
  }

  [[nodiscard]] const json::value* find(std::string_view name) const {
    const auto* value = near_.if_contains(name);
    return value != nullptr ? value : far_.if_contains(name);
  }

  const json::object& near_;
  const json::object& far_;
};

}  // namespace

std::optional<json::value> fill(const json::value& form, const json::object& values, const json::object& more) {
  return filling(values, more).fill(form);
}

renderer::renderer(const provider& speaks, const call& asked)
    : speaks_(speaks), asked_(asked), templates_(templates_of(speaks.name)) {
  const auto path = asked.path();
  shared_ = {{"unique", asked.unique()},
             {"uuid", asked.uuid()},
             {"now", asked.seconds()},
             {"day", fmt::format("{:%Y%m%d}", fmt::gmtime(static_cast<std::time_t>(asked.seconds())))},
             {"left", fmt::format("{:03}", 999 - asked.number % 1000)},
             {"milliseconds", asked.wish.latency.count() + 1},
             {"method", asked.method},
             {"path", path},
             {"resource", path.substr(path.rfind('/') + 1)}};
}

renderer& renderer::set(const json::object& values) {
  for (const auto& [name, value] : values) shared_[name] = value;
  return *this;
}

json::value renderer::fill(std::string_view name, const json::object& values) const {
  return mock::fill(templates_.at(name), values, shared_).value_or(nullptr);
}

std::string renderer::text(std::string_view name, const json::object& values) const {
  return json::serialize(fill(name, values));
}

std::string renderer::line(std::string_view name, const json::object& values) const {
  return text(name, values) + '\n';
}

std::string renderer::event(std::string_view name, const json::object& values) const {
  return data_event(fill(name, values));
}

std::string renderer::named_event(std::string_view name, const json::object& values) const {
  const auto data = fill(name, values);
  return mock::named_event(string_member(data, "type"), data);
}

std::expected<json::value, answer> renderer::request(std::initializer_list<std::string_view> needed, need kind) const {
  auto body = parse_json(asked_.body);
  if (!body || !body->is_object()) return std::unexpected(refuse("no_object"));
  for (const auto name : needed) {
    if (!is_given(member(*body, name), kind)) return std::unexpected(refuse("missing", {{"param", name}}));
  }
  return *std::move(body);
}

answer renderer::plain(std::string_view name, const json::object& values) const {
  return {.content_type = std::string(speaks_.json_type), .headers = headers(), .pieces = {text(name, values)}};
}

answer renderer::stream(std::vector<std::string> pieces) const {
  return {.content_type = std::string(speaks_.stream_type),
          .headers = headers(),
          .chunked = true,
          .pieces = std::move(pieces)};
}

answer renderer::refuse(std::string_view name, const json::object& values) const {
  const auto why = mock::fill(templates_.at("refusals").at(name), values, shared_).value_or(nullptr);
  return speaks_.refuse(asked_, {.status = static_cast<unsigned>(count_member(why, "status", 400)),
                                 .message = std::string(string_member(why, "message")),
                                 .param = std::string(string_member(why, "param")),
                                 .code = std::string(string_member(why, "code"))});
}

std::vector<header> renderer::headers(std::string_view name, const json::object& values) const {
  std::vector<header> all;
  if (find(name) == nullptr) return all;
  for (const auto& [key, value] : fill(name, values).as_object()) {
    all.push_back({key, plain_text(value)});
  }
  return all;
}

std::string data_event(const json::value& data) { return fmt::format("data: {}\n\n", json::serialize(data)); }

std::string named_event(std::string_view name, const json::value& data) {
  return fmt::format("event: {}\n{}", name, data_event(data));
}

bool break_off(std::vector<std::string>& pieces, const behaviour& wish, std::string error) {
  if (!wish.error_event) return false;
  pieces.resize(std::min(*wish.error_event, pieces.size()));
  pieces.push_back(std::move(error));
  return true;
}

}  // namespace refrain::mock

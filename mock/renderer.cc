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

const json::object& templates_of(std::string_view provider) {
  const auto read = [](std::string_view text) { return json::parse(text).as_object(); };
  static const std::map<std::string_view, json::object> all{
      {"anthropic", read(anthropic_templates)}, {"cartesia", read(cartesia_templates)},
      {"deepgram", read(deepgram_templates)},   {"elevenlabs", read(elevenlabs_templates)},
      {"gemini", read(gemini_templates)},       {"ollama", read(ollama_templates)},
      {"openai", read(openai_templates)},       {"sarvam", read(sarvam_templates)},
  };
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

/// Values by name; what one scope lacks is looked for in the next.
struct scope {
  const json::object* values;
  const scope* outer;

  [[nodiscard]] const json::value* find(std::string_view name) const {
    for (const auto* at = this; at != nullptr; at = at->outer) {
      if (const auto* value = at->values->if_contains(name)) return value;
    }
    return nullptr;
  }

  /// Whether a condition holds: a value's name, or that with "!".
  [[nodiscard]] bool holds(std::string_view condition) const {
    if (condition.starts_with('!')) return !holds(condition.substr(1));
    const auto* value = find(condition);
    return value != nullptr && *value != false && (!value->is_array() || !value->get_array().empty());
  }
};

/// Fills in templates with the values of a scope.
class filling {
 public:
  filling(const json::object& templates, const scope& values, const scope& shared)
      : templates_(templates), values_(values), shared_(shared) {}

  /// Nothing where the template is a placeholder without a value.
  [[nodiscard]] std::optional<json::value> fill(const json::value& form) const {
    if (const auto* text = form.if_string()) return fill_text(*text);
    if (const auto* list = form.if_array()) {
      json::array filled;
      for (const auto& one : *list) add(one, filled);
      return filled;
    }
    if (!form.is_object()) return form;
    const auto* used = member(form, "use");
    return used == nullptr ? fill_object(form.get_object()) : use(plain_text(*fill(*used)), form.get_object());
  }

 private:
  /// Fills in an element of a list, which may come to several or none.
  void add(const json::value& form, json::array& into) const {
    const auto* body = member(form, "do");
    if (body == nullptr) {
      if (auto value = fill(form)) into.push_back(*std::move(value));
    } else if (const auto* condition = member(form, "if")) {
      if (values_.holds(condition->get_string())) add_body(*body, into);
    } else if (const auto* list = member(form, "for")) {
      for (const auto& item : list_of(values_.find(list->get_string()))) within(item).add_body(*body, into);
    } else if (const auto* turns = member(form, "interleave")) {
      std::vector<json::array> waiting;
      std::size_t longest = 0;
      for (const auto& item : list_of(values_.find(turns->get_string()))) {
        within(item).add_body(*body, waiting.emplace_back());
        longest = std::max(longest, waiting.back().size());
      }
      for (std::size_t at = 0; at < longest; ++at) {
        for (auto& one : waiting) {
          if (at < one.size()) into.push_back(std::move(one[at]));
        }
      }
    }
  }

  void add_body(const json::value& body, json::array& into) const {
    if (!body.is_array()) return add(body, into);
    for (const auto& one : body.get_array()) add(one, into);
  }

  /// The same with the values of a list's item before all others.
  [[nodiscard]] filling within(const json::value& item) const {
    return {templates_, {.values = &item.get_object(), .outer = &values_}, shared_};
  }

  [[nodiscard]] json::value fill_object(const json::object& form) const {
    json::object filled;
    for (const auto& [written, part] : form) {
      const std::string_view key = written;
      const auto mark = key.find('?');
      if (mark != std::string_view::npos && !values_.holds(key.substr(mark + 1))) continue;
      auto value = fill(part);
      if (value) filled.emplace(plain_text(*fill_text(key.substr(0, mark))), *std::move(value));
    }
    return filled;
  }

  /// Another template, which sees only what it is given and what all see.
  [[nodiscard]] std::optional<json::value> use(std::string_view name, const json::object& form) const {
    const auto given = fill_object(form);
    const scope values{.values = &given.get_object(), .outer = &shared_};
    return filling(templates_, values, shared_).fill(templates_.at(name));
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
      if (const auto* value = values_.find(one)) return *value;
      if (bar == std::string_view::npos) return std::nullopt;
      alternatives.remove_prefix(bar + 1);
    }
  }

  const json::object& templates_;
  const scope values_;
  const scope& shared_;
};

}  // namespace

std::optional<json::value> fill(const json::value& form, const json::object& values, const json::object& shared,
                                const json::object& templates) {
  const scope outer{.values = &shared, .outer = nullptr};
  return filling(templates, {.values = &values, .outer = &outer}, outer).fill(form);
}

renderer::renderer(const provider& speaks, const call& asked)
    : speaks_(speaks), asked_(asked), templates_(templates_of(speaks.name)) {
  const auto path = asked.path();
  shared_ = {{"unique", asked.unique()},
             {"uuid", asked.uuid()},
             {"now", asked.seconds()},
             {"day", fmt::format("{:%Y%m%d}", fmt::gmtime(static_cast<std::time_t>(asked.seconds())))},
             {"left", fmt::format("{:03}", 999 - asked.number % 1000)},
             {"milliseconds", asked.how.latency.count() + 1},
             {"method", asked.method},
             {"path", path},
             {"resource", path.substr(path.rfind('/') + 1)}};
}

renderer& renderer::set(const json::object& values) {
  for (const auto& [name, value] : values) shared_[name] = value;
  return *this;
}

json::value renderer::fill(std::string_view name, const json::object& values) const {
  return mock::fill(templates_.at(name), values, shared_, templates_).value_or(nullptr);
}

std::string renderer::text(std::string_view name, const json::object& values) const {
  return json::serialize(fill(name, values));
}

std::string renderer::piece(stream_form form, std::string_view name, const json::object& values) const {
  return written(form, fill(name, values));
}

std::vector<std::string> renderer::pieces(stream_form form, std::string_view name) const {
  std::vector<std::string> all;
  const auto list = fill(name);
  for (const auto& one : list.as_array()) all.push_back(written(form, one));
  return all;
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
  const auto why = mock::fill(templates_.at("refusals").at(name), values, shared_, templates_).value_or(nullptr);
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

std::string written(stream_form form, const json::value& data) {
  const auto text = json::serialize(data);
  switch (form) {
    case stream_form::event: return fmt::format("data: {}\n\n", text);
    case stream_form::named_event: return fmt::format("event: {}\ndata: {}\n\n", string_member(data, "type"), text);
    case stream_form::line: break;
  }
  return text + '\n';
}

bool break_off(std::vector<std::string>& pieces, const behaviour& how, std::string error) {
  if (!how.error_event) return false;
  pieces.resize(std::min(*how.error_event, pieces.size()));
  pieces.push_back(std::move(error));
  return true;
}

}  // namespace refrain::mock

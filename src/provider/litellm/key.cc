#include "provider/litellm/key.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "base/digest.h"
#include "provider/json/json_tree.h"
#include "provider/litellm/python_repr.h"

namespace refrain::provider {
namespace {

using kind = json_tree::kind;

/// Parameters of a chat completion that are part of LiteLLM's keys, in the order in which `litellm.completion` takes
/// them; the last three it takes as further arguments.
// clang-format off
constexpr std::array<std::string_view, 37> parameters{
    "model", "messages", "temperature", "top_p", "n", "stream", "stream_options", "stop",
    "max_completion_tokens", "max_tokens", "modalities", "prediction", "audio", "presence_penalty",
    "frequency_penalty", "logit_bias", "user", "reasoning_effort", "verbosity", "response_format", "seed",
    "tools", "tool_choice", "logprobs", "top_logprobs", "parallel_tool_calls", "web_search_options",
    "safety_identifier", "service_tier", "store", "prompt_cache_key", "functions", "function_call", "thinking",
    "prompt_cache_retention", "prompt_cache_options", "moderation",
};
// clang-format on

/// Those of a request for embeddings.
constexpr std::array<std::string_view, 5> embedding_parameters{"model", "input", "dimensions", "encoding_format",
                                                               "user"};

/// What is part of a kind of call, and which member says what is asked.
struct call_shape {
  std::span<const std::string_view> parameters;
  std::string_view said;
};
constexpr call_shape chat_shape{.parameters = parameters, .said = "messages"};
constexpr call_shape embedding_shape{.parameters = embedding_parameters, .said = "input"};

/// Members that neither its keys nor ours hold.
constexpr std::array<std::string_view, 2> unkeyed{"cache", "metadata"};

struct argument {
  std::string_view name;
  std::string text;  ///< as it stands in what is hashed
};
using arguments = std::vector<argument>;

std::size_t rank_of(const argument& one) noexcept {
  return static_cast<std::size_t>(std::ranges::find(parameters, one.name) - parameters.begin());
}

bool is_stream(const argument& one) noexcept { return one.name == "stream"; }

/// What LiteLLM would hash of a member; nothing where that is not known.
std::optional<argument> argument_of(const json_tree::member& member, const call_shape& shape) {
  const auto known = std::ranges::find(shape.parameters, member.first);
  if (known == shape.parameters.end()) return std::nullopt;
  argument made{.name = *known, .text = member.first + ": "};
  if (!append_python_str(made.text, member.second)) return std::nullopt;
  return made;
}

/// A request taken apart: the model's name, what is said, the other parameters in the body's order.
struct call {
  std::string model;
  std::string said;
  arguments rest;
};

std::optional<call> read_call(const std::optional<json_tree>& body, const call_shape& shape) {
  if (!body || !body->is(kind::object)) return std::nullopt;
  call made;
  for (const auto& member : body->members) {
    if (member.second.is_null() || std::ranges::find(unkeyed, member.first) != unkeyed.end()) continue;
    auto one = argument_of(member, shape);
    if (!one) return std::nullopt;
    if (one->name == "model") {
      made.model = one->text.substr(std::string_view{"model: "}.size());
    } else if (one->name == shape.said) {
      made.said = std::move(one->text);
    } else {
      made.rest.push_back(*std::move(one));
    }
  }
  if (made.model.empty() || made.said.empty()) return std::nullopt;
  return made;
}

std::string hashed(std::string_view model, std::string_view said, const arguments& rest) {
  std::string text = "model: ";
  text.append(model).append(said);
  for (const auto& one : rest) text.append(one.text);
  return base::sha256(text).hex();
}

arguments in_order_of_signature(arguments all) {
  std::ranges::sort(all, {}, rank_of);
  return all;
}

/// Agents hand over their tools next to the messages, and after them how the model is to be set.
arguments with_tools_first(arguments all) {
  for (const std::string_view name : {"tool_choice", "tools"}) {
    const auto at = std::ranges::find(all, name, &argument::name);
    if (at != all.end()) std::rotate(all.begin(), at, at + 1);
  }
  return all;
}

/// `stream` stands at the end, as the router puts it there, who says of a plain call that it is none.
arguments with_stream_last(arguments all) {
  const auto kept = std::ranges::find_if(all, is_stream);
  argument last{.name = "stream", .text = "stream: False"};
  if (kept != all.end()) {
    last = std::move(*kept);
    all.erase(kept);
  }
  all.push_back(std::move(last));
  return all;
}

/// The proxy asks for the usage of every stream, so that it can book it.
arguments with_usage_asked(arguments all) {
  const auto has_options = [](const argument& one) { return one.name == "stream_options"; };
  if (std::ranges::none_of(all, has_options)) {
    all.insert(all.end() - 1, {.name = "stream_options", .text = "stream_options: {'include_usage': True}"});
  }
  return all;
}

/// As if the vectors had been asked for in the other form.
arguments with_other_encoding(arguments all) {
  constexpr std::string_view name = "encoding_format";
  if (std::erase_if(all, [&](const argument& one) { return one.name == name; }) == 0) {
    all.push_back({.name = name, .text = "encoding_format: base64"});
  }
  return all;
}

/// The things to embed: texts and lists of tokens, one or a list of them.
std::vector<const json_tree*> items_of(const json_tree& input) {
  const bool is_list = input.is(kind::array) && !input.elements.empty() && !input.elements.front().is(kind::scalar);
  std::vector<const json_tree*> items;
  if (!is_list) items.push_back(&input);
  for (const auto& one : input.elements) {
    if (is_list) items.push_back(&one);
  }
  return items;
}

std::string with_provider(std::string_view provider, const std::string& model) {
  const auto prefix = std::string{provider} + "/";
  return provider.empty() || model.starts_with(prefix) ? model : prefix + model;
}

/// As LiteLLM puts it: the request's namespace takes the place of the cache's own, which its Redis then puts in front
/// where it is not there.
std::string prefix_of(const litellm_naming& named) {
  std::string prefix;
  if (!named.asked.empty()) prefix = std::string{named.asked} + ":";
  const auto own = named.name_space.empty() ? std::string{} : std::string{named.name_space} + ":";
  return prefix.starts_with(own) ? prefix : own + prefix;
}

}  // namespace

std::vector<std::string> litellm_keys(std::string_view body, const litellm_naming& named) {
  const auto made = read_call(json_tree::parse(body), chat_shape);
  if (!made) return {};
  const auto prefixed = with_provider(named.provider, made->model);
  const auto stream_last = with_stream_last(made->rest);
  const bool streams = stream_last.back().text == "stream: True";

  std::vector<std::string> keys;
  const auto add = [&, prefix = prefix_of(named)](std::string_view model, const arguments& rest) {
    auto key = prefix + hashed(model, made->said, rest);
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
  };
  add(prefixed, made->rest);
  add(prefixed, in_order_of_signature(made->rest));
  add(prefixed, with_tools_first(made->rest));
  add(prefixed, stream_last);
  if (streams) add(made->model, with_usage_asked(stream_last));
  add(made->model, stream_last);
  return keys;
}

std::vector<std::vector<std::string>> litellm_embedding_keys(std::string_view body, const litellm_naming& named) {
  const auto tree = json_tree::parse(body);
  const auto made = read_call(tree, embedding_shape);
  if (!made) return {};
  const auto prefix = prefix_of(named);
  const auto prefixed = with_provider(named.provider, made->model);
  const std::array<arguments, 2> encodings{made->rest, with_other_encoding(made->rest)};
  const auto keys_of = [&](const std::string& said) {
    std::vector<std::string> keys;
    for (const auto& rest : encodings) {
      keys.push_back(prefix + hashed(made->model, said, rest));
      if (prefixed != made->model) keys.push_back(prefix + hashed(prefixed, said, rest));
    }
    return keys;
  };
  std::vector<std::vector<std::string>> all;
  for (const auto* const item : items_of(*tree->find("input"))) {
    std::string said = "input: ";
    if (!append_python_str(said, *item)) return {};
    all.push_back(keys_of(said));
    if (item != tree->find("input") && tree->find("input")->elements.size() == 1) {
      for (auto& key : keys_of(made->said)) all.back().push_back(std::move(key));
    }
  }
  return all;
}

}  // namespace refrain::provider

#include "cli/filter_flags.h"

#include <CLI/CLI.hpp>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/text.h"

namespace refrain::cli {
namespace {

struct row {
  const char* flag;
  const char* name;  ///< of the API
  const char* value;
  const char* meaning;
};

constexpr std::array rows{
    row{"--tag", "tag", "TAG", "Only answers with this tag"},
    row{"--model", "model", "MODEL", "Only answers of this model"},
    row{"--provider,--upstream", "upstream", "NAME", "Only answers of this upstream"},
    row{"--older-than", "older_than", "AGE", "Only answers stored longer ago than this, as in 2h or '30 min'"},
    row{"--tenant", "tenant", "NAME", "Only answers of this tenant, by the name that the configuration gives it"},
    row{"--namespace", "namespace", "NAME", "Only answers in this namespace"},
    row{"--type", "type", "TYPE", "Only answers of this type: llm, embedding, tts, stt, image or text"},
    row{"--level", "level", "LEVEL", "Only answers stored at this optimization level"},
};
constexpr row text_row{"--text", "text", "TEXT", "Only answers to queries that hold this text"};

}  // namespace

filter_flags::filter_flags(CLI::App& app, bool with_text) {
  const auto add = [&](const row& one) {
    auto* const option = app.add_option(one.flag)->description(one.meaning)->type_name(one.value);
    options_.emplace_back(one.name, option->group("Which answers")->take_last());
  };
  for (const auto& one : rows) add(one);
  if (with_text) add(text_row);
}

std::vector<filter_flags::parameter> filter_flags::given() const {
  std::vector<parameter> all;
  for (const auto& [name, option] : options_) {
    if (option->count() > 0) all.emplace_back(name, option->results().back());
  }
  return all;
}

std::string filter_flags::query() const {
  std::string text;
  for (const auto& [name, value] : given()) text += "&" + name + "=" + base::percent_encode(value);
  return text;
}

std::string filter_flags::json() const {
  boost::json::object form;
  for (const auto& [name, value] : given()) form[name] = value;
  return boost::json::serialize(form);
}

}  // namespace refrain::cli

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "admin/handlers.h"
#include "admin/json_forms.h"

namespace refrain::admin {

net::task<base::result<std::string>> show_config(const view& of, api_call /*what*/) {
  const auto now = of.configuration();
  boost::json::array settings;
  for (const auto& one : now->shown) {
    settings.emplace_back(boost::json::object{{"key", text_form(one.key)},
                                              {"value", text_form(one.value)},
                                              {"unit", text_form(one.unit)},
                                              {"meaning", text_form(one.meaning)},
                                              {"source", text_form(to_string(one.from))},
                                              {"origin", text_form(one.origin)}});
  }
  boost::json::array warnings;
  for (const auto& line : now->warnings) warnings.emplace_back(text_form(line));
  const boost::json::object form{{"settings", std::move(settings)}, {"warnings", std::move(warnings)}};
  co_return boost::json::serialize(form);
}

}  // namespace refrain::admin

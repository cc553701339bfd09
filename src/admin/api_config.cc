#include <boost/json/array.hpp>

#include "admin/handlers.h"
#include "admin/json_forms.h"

namespace refrain::admin {

handled show_config(const view& of, api_call /*what*/) {
  const auto now = of.configuration();
  boost::json::array settings;
  boost::json::array waiting;
  boost::json::array warnings;
  for (const auto& one : now->shown) settings.emplace_back(form_of(one));
  for (const auto& one : now->waiting) waiting.emplace_back(form_of(one));
  for (const auto& line : now->warnings) warnings.emplace_back(text_form(line));
  const boost::json::object form{
      {"settings", std::move(settings)}, {"waiting", std::move(waiting)}, {"warnings", std::move(warnings)}};
  co_return json_reply(form);
}

}  // namespace refrain::admin

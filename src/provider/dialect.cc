#include "provider/dialect.h"

#include "provider/json/forwarded_body.h"

namespace refrain::provider {

std::string dialect::forward_body(std::string_view body, const entry::parsed_request& parsed,
                                  bool /*ask_usage*/) const {
  return forwarded_body(body, parsed, false);
}

}  // namespace refrain::provider

#include "provider/dialect.h"

#include "provider/litellm_directives.h"

namespace refrain::provider {

std::string dialect::forward_body(std::string_view body, const entry::parsed_request& parsed,
                                  bool /*ask_usage*/) const {
  return without_litellm_directives(body, parsed);
}

}  // namespace refrain::provider

#include "provider/dialect.h"

#include "provider/litellm_wishes.h"

namespace refrain::provider {

std::string dialect::forward_body(std::string_view body, const entry::facts& known, bool /*ask_usage*/) const {
  return without_litellm_wishes(body, known);
}

}  // namespace refrain::provider

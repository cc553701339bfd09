#include "provider/families/openai_chat.h"

#include "provider/families/openai_chat_request.h"
#include "provider/families/openai_choices.h"

namespace refrain::provider {

const dialect& openai_chat() noexcept {
  static const openai_choices only{read_openai_chat_request, chat_shape};
  return only;
}

}  // namespace refrain::provider

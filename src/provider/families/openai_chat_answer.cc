#include "provider/families/openai_chat_answer.h"

#include "provider/families/openai_chat_choices.h"
#include "provider/rules/json_answer.h"

namespace refrain::provider {

std::unique_ptr<answer_reader> read_openai_choices_answer(entry::wire_form form, const openai_choices_shape& shape) {
  if (form == entry::wire_form::stream) {
    return read_event_stream(std::make_unique<openai_chat_choices>(shape.stream_part), stream_end::done_event);
  }
  return read_json_answer(std::make_unique<openai_chat_choices>(shape.plain_part));
}

}  // namespace refrain::provider

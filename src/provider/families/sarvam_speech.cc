#include "provider/families/sarvam_speech.h"

#include <string>
#include <utility>

#include "provider/batch.h"
#include "provider/families/sarvam_speech_answer.h"
#include "provider/families/sarvam_speech_request.h"
#include "provider/rules/audio_answer.h"
#include "provider/rules/list_items.h"
#include "provider/rules/single_form.h"

namespace refrain::provider {
namespace {

using entry::wire_form;

constexpr sarvam_speech_rules plain_rules{.usual_codec = "wav", .takes_inputs = true};
constexpr sarvam_speech_rules stream_rules{.usual_codec = "mp3"};

class sarvam_speech_dialect final : public single_form, public batch {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_sarvam_speech(request.body, plain_rules);
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form /*form*/) const override {
    return read_sarvam_audios();
  }

  [[nodiscard]] const batch* as_batch() const override { return this; }

  [[nodiscard]] std::vector<batch_item> items(const request_view& request) const override {
    return sarvam_speech_items(request.body, plain_rules);
  }

  [[nodiscard]] std::string ask_for(std::string_view body, std::span<const std::size_t> wanted) const override {
    return with_items(body, "inputs", wanted);
  }

  [[nodiscard]] base::result<std::vector<std::string>> take_apart(std::string_view answer,
                                                                  std::size_t count) const override {
    return split_sarvam_audios(answer, count);
  }

  [[nodiscard]] base::result<rendering> put_together(const request_view& /*request*/,
                                                     std::span<const std::string_view> items,
                                                     const entry::token_usage& /*usage*/) const override {
    auto body = join_sarvam_audios(items);
    if (!body) return base::fail(std::move(body).error());
    return rendering{.content_type = "application/json", .body = *std::move(body)};
  }
};

class sarvam_speech_stream_dialect final : public single_form {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_sarvam_speech(request.body, stream_rules);
  }

  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form /*form*/) const override {
    return read_audio_answer();
  }

  [[nodiscard]] bool answers_with(wire_form /*form*/, std::string_view content_type) const override {
    return is_audio_type(content_type);
  }
};

}  // namespace

const dialect& sarvam_speech() noexcept {
  static const sarvam_speech_dialect only;
  return only;
}

const dialect& sarvam_speech_stream() noexcept {
  static const sarvam_speech_stream_dialect only;
  return only;
}

}  // namespace refrain::provider

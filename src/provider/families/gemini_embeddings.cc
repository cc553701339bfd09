#include "provider/families/gemini_embeddings.h"

#include "provider/batch.h"
#include "provider/families/gemini_embeddings_answer.h"
#include "provider/families/gemini_embeddings_items.h"
#include "provider/families/gemini_headers.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/single_form.h"

namespace refrain::provider {
namespace {

using entry::wire_form;

class embeddings_batch final : public batch {
 public:
  [[nodiscard]] std::vector<batch_item> items(const request_view& request) const override {
    return gemini_embeddings_items(request);
  }
  [[nodiscard]] std::string ask_for(std::string_view body, std::span<const std::size_t> wanted) const override {
    return ask_gemini_embeddings(body, wanted);
  }
  [[nodiscard]] base::result<std::vector<std::string>> take_apart(std::string_view answer,
                                                                  std::size_t count) const override {
    return split_gemini_embeddings(answer, count);
  }
  [[nodiscard]] base::result<rendering> put_together(const request_view& request,
                                                     std::span<const std::string_view> items,
                                                     const entry::token_usage& usage) const override {
    auto body = join_gemini_embeddings(items, usage, is_gemini_batch(request.path));
    if (!body) return base::fail(std::move(body).error());
    return rendering{.content_type = std::string(gemini_content_type(wire_form::plain)), .body = *std::move(body)};
  }
};

class gemini_embeddings_dialect final : public single_form {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_gemini_embeddings_request(request);
  }
  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form /*form*/) const override {
    return read_json_answer(judge_gemini_embeddings());
  }
  [[nodiscard]] std::span<const std::string_view> key_headers() const override { return gemini_key_headers; }
  [[nodiscard]] const batch* as_batch() const override { return &items_; }

 private:
  embeddings_batch items_;
};

}  // namespace

const dialect& gemini_embeddings() noexcept {
  static const gemini_embeddings_dialect only;
  return only;
}

}  // namespace refrain::provider

#include "provider/families/openai_embeddings.h"

#include "provider/batch.h"
#include "provider/families/openai_embeddings_answer.h"
#include "provider/families/openai_embeddings_items.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/openai_headers.h"
#include "provider/rules/single_form.h"

namespace refrain::provider {
namespace {

using entry::wire_form;

class embeddings_batch final : public batch {
 public:
  [[nodiscard]] std::vector<batch_item> items(const request_view& request) const override {
    return openai_embeddings_items(request.body);
  }
  [[nodiscard]] std::string ask_for(std::string_view body, std::span<const std::size_t> wanted) const override {
    return ask_openai_embeddings(body, wanted);
  }
  [[nodiscard]] base::result<std::vector<std::string>> take_apart(std::string_view answer,
                                                                  std::size_t count) const override {
    return split_openai_embeddings(answer, count);
  }
  [[nodiscard]] base::result<rendering> put_together(const request_view& request,
                                                     std::span<const std::string_view> items,
                                                     const entry::token_usage& usage) const override {
    auto body = join_openai_embeddings(items, usage, wants_base64(request.body));
    if (!body) return base::fail(std::move(body).error());
    return rendering{.content_type = "application/json", .body = *std::move(body)};
  }
};

class openai_embeddings_dialect final : public single_form {
 public:
  [[nodiscard]] entry::parsed_request read(const request_view& request) const override {
    return read_openai_embeddings_request(request.body);
  }
  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form /*form*/) const override {
    return read_json_answer(judge_openai_embeddings());
  }
  [[nodiscard]] const batch* as_batch() const override { return &items_; }
  [[nodiscard]] std::span<const std::string_view> kept_headers() const override { return openai_kept_headers; }

 private:
  embeddings_batch items_;
};

}  // namespace

const dialect& openai_embeddings() noexcept {
  static const openai_embeddings_dialect only;
  return only;
}

}  // namespace refrain::provider

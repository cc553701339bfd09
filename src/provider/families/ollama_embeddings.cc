#include "provider/families/ollama_embeddings.h"

#include "provider/batch.h"
#include "provider/families/ollama_embed_answer.h"
#include "provider/families/ollama_embed_items.h"
#include "provider/rules/json_answer.h"
#include "provider/rules/single_form.h"

namespace refrain::provider {
namespace {

using entry::wire_form;

class embed_batch final : public batch {
 public:
  [[nodiscard]] std::vector<batch_item> items(const request_view& request) const override {
    return ollama_embed_items(request.body);
  }
  [[nodiscard]] std::string ask_for(std::string_view body, std::span<const std::size_t> wanted) const override {
    return ask_ollama_embed(body, wanted);
  }
  [[nodiscard]] base::result<std::vector<std::string>> take_apart(std::string_view answer,
                                                                  std::size_t count) const override {
    return split_ollama_embeddings(answer, count);
  }
  [[nodiscard]] base::result<rendering> put_together(const request_view& /*request*/,
                                                     std::span<const std::string_view> items,
                                                     const entry::token_usage& usage) const override {
    auto body = join_ollama_embeddings(items, usage);
    if (!body) return base::fail(std::move(body).error());
    return rendering{.content_type = "application/json; charset=utf-8", .body = *std::move(body)};
  }
};

/// Both endpoints: they differ in how a request is read, and in whether it is a list.
class ollama_vectors final : public single_form {
 public:
  using request_reader = entry::parsed_request (*)(std::string_view body);

  constexpr ollama_vectors(request_reader read, const batch* items) noexcept : read_(read), items_(items) {}

  [[nodiscard]] entry::parsed_request read(const request_view& request) const override { return read_(request.body); }
  [[nodiscard]] std::unique_ptr<answer_reader> read_answer(wire_form /*form*/) const override {
    return read_json_answer(judge_ollama_embeddings());
  }
  [[nodiscard]] const batch* as_batch() const override { return items_; }

 private:
  request_reader read_;
  const batch* items_;
};

}  // namespace

const dialect& ollama_embed() noexcept {
  static const embed_batch items;
  static const ollama_vectors only{read_ollama_embed_request, &items};
  return only;
}

const dialect& ollama_embeddings() noexcept {
  static const ollama_vectors only{read_ollama_embeddings_request, nullptr};
  return only;
}

}  // namespace refrain::provider

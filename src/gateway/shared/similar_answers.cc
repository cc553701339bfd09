#include "gateway/shared/similar_answers.h"

#include <utility>

#include "base/base64.h"
#include "net/callback.h"

namespace refrain::gateway {
namespace {

semantic::record record_of(const entry::meta& about) {
  return {.partition = about.similar->partition,
          .entry = about.id.digest,
          .tenant = about.id.tenant,
          .text = about.similar->text,
          .stored_at = about.stored_at,
          .ttl = about.ttl,
          .purge_number = about.purge_number,
          .contributor = about.similar->contributor,
          .about = std::make_shared<const semantic::labels>(semantic::labels{.upstream = about.upstream,
                                                                             .endpoint = about.endpoint,
                                                                             .model = about.model,
                                                                             .level = about.level,
                                                                             .tenant_label = about.tenant_label,
                                                                             .name_space = about.name_space,
                                                                             .tags = about.tags})};
}

/// As much of an entry's meta as purges choose by.
entry::meta meta_of(const semantic::record& one) {
  return {.id = {.type = entry::cache_type::llm, .digest = one.entry, .tenant = one.tenant},
          .stored_at = one.stored_at,
          .ttl = one.ttl,
          .purge_number = one.purge_number,
          .upstream = one.about->upstream,
          .endpoint = one.about->endpoint,
          .model = one.about->model,
          .level = one.about->level,
          .tenant_label = one.about->tenant_label,
          .name_space = one.about->name_space,
          .tags = one.about->tags};
}

}  // namespace

similar_answers::similar_answers(std::unique_ptr<encoder::text_encoder> reads, const base::clock& clock, options how)
    : encoder_id_(reads->id()),
      only_latin_(how.only_latin),
      clock_(clock),
      stored_(reads->width(), how.indexing),
      encoder_(std::move(reads)),
      matcher_(*encoder_, stored_, clock, std::move(how.matching)) {}

/// What is being encoded ends before those who wait for it go.
similar_answers::~similar_answers() { encoder_.reset(); }

void similar_answers::add(const entry::meta& about) {
  const auto& known = about.similar;
  if (!known || known->encoder != encoder_id_) return;
  if (const auto packed = semantic::packed_vector::from_base64(known->vector, stored_.width())) {
    return stored_.insert(record_of(about), *packed);
  }
  const auto record = std::make_shared<semantic::record>(record_of(about));
  encoder_->encode(known->text, [this, record](const base::result<encoder::vector_ptr>& vector) {
    if (vector) stored_.insert(*record, **vector);
  });
}

void similar_answers::drop_dead(const cache::purge_book& purges, bool expired) {
  const auto current = purges.current();
  const bool purged = purges_seen_.exchange(current) != current;
  if (!purged && !expired) return;
  const auto now = clock_.seconds();
  stored_.erase_if([&](const semantic::record& one) {
    const bool is_over = one.ttl > std::chrono::seconds{0} && now - one.stored_at >= one.ttl;
    return is_over || (purged && purges.dead(meta_of(one)));
  });
}

net::task<semantic::finding> similar_answers::find(semantic::question asked, base::digest256 own) {
  auto ask = [this, &asked, own](std::function<void(semantic::finding)> done) {
    matcher_.find(std::move(asked), own, std::move(done));
  };
  co_return co_await net::given_to<semantic::finding>(std::move(ask));
}

net::task<encoder::vector_ptr> similar_answers::encode(std::string text) {
  auto ask = [this, &text](std::function<void(base::result<encoder::vector_ptr>)> done) {
    encoder_->encode(std::move(text), std::move(done));
  };
  const auto made = co_await net::given_to<base::result<encoder::vector_ptr>>(std::move(ask));
  co_return made.value_or(nullptr);
}

semantic::judgement similar_answers::judge(const std::string& route, std::string_view stored, std::string_view fresh,
                                           std::optional<double> cosine) {
  const std::lock_guard guard{mutex_};
  auto& norms = norms_[route];
  const auto made = semantic::judge(stored, fresh, cosine, norms);
  norms.count(made.is);
  return made;
}

void similar_answers::prepare(const std::string& text) {
  encoder_->encode(text, [](const base::result<encoder::vector_ptr>&) {});
}

entry::semantic_record similar_answers::describe(const semantic::question& asked) const {
  return {.partition = asked.partition,
          .contributor = asked.contributor,
          .encoder = encoder_id_,
          .text = asked.text,
          .vector = {}};
}

void similar_answers::complete(entry::semantic_record& record) const {
  if (record.encoder != encoder_id_ || !record.vector.empty()) return;
  if (const auto vector = encoder_->remembered(record.text)) record.vector = semantic::pack(*vector).to_base64();
}

}  // namespace refrain::gateway

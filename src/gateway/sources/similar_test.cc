// What the answers to similar questions are served for, and what is learned from those that are not.

#include "gateway/sources/similar.h"

#include <gtest/gtest.h>

#include "gateway/assemble/assemble.h"
#include "gateway/shared/similar_answers.h"
#include "gateway/sources/lesson.h"
#include "support/encoder/word_bag.h"
#include "support/gateway/floors.h"

namespace refrain::gateway {
namespace {

using config::semantic_mode;
using entry::outcome;
using semantic::reason;

constexpr std::string_view stored_question = "how do I cancel my order";
constexpr std::string_view asked_question = "how can I cancel my order";

std::string answer(std::string_view text) {
  return R"({"choices":[{"index":0,"message":{"role":"assistant","content":")" + std::string(text) +
         R"("},"finish_reason":"stop"}]})";
}

class similar_questions : public testing::Test {
 protected:
  explicit similar_questions(semantic_mode mode = semantic_mode::threshold)
      : house([mode](config::settings& all) {
          all.semantic.mode = mode;
          all.semantic.threshold = 0.7;
        }) {
    auto made = std::make_unique<encoder::word_bag>();
    encoder = made.get();
    similar = std::make_unique<similar_answers>(
        std::move(made), house.clock,
        similar_answers::options{.matching = {.learning = {}, .draw = [] { return 0.5; }}, .indexing = {}});
    house.kept.observe(*similar);
    house.shared.similar = similar.get();
  }

  /// Has an answer stored for a request, as the fetcher does.
  entry::entry_ptr keep(const ask& request, std::string_view text) {
    search lookup{request};
    house.find(source, lookup);
    const auto asked = lookup.similar ? lookup.similar->asked : std::nullopt;
    return house.keep(request, 0, answer(text), std::chrono::hours{1},
                      asked ? std::optional{similar->describe(*asked)} : std::nullopt);
  }

  search look(const ask& request) {
    search lookup{request};
    house.find(source, lookup);
    return lookup;
  }

  /// A fresh answer comes for a request that has found no entry.
  void teach(const ask& request, std::string_view text) {
    auto lookup = look(request);
    ASSERT_FALSE(lookup.is_complete());
    auto call = make_request(request, house.shared, make_fill(request, house.shared, 0));
    call->similar = lookup.similar;
    auto fresh = house.keep(request, 0, answer(text));
    house.loop.run(learned(&house.shared, std::move(call), std::move(fresh)));
  }

  static net::task<bool> learned(parts* shared, std::shared_ptr<const upstream_request> call, entry::entry_ptr fresh) {
    co_await learn_from(shared, std::move(call), std::move(fresh));
    co_return true;
  }

  double labels() {
    double sum = 0;
    similar->matcher().show([&](const semantic::learner& learned, std::size_t) {
      for (const auto& [key, one] : learned.accounts()) sum += key.first == "cosine all" ? one.labels : 0;
    });
    return sum;
  }

  floors house;
  encoder::word_bag* encoder = nullptr;
  std::unique_ptr<similar_answers> similar;
  similar_source source{house.shared, house.parser};
};

TEST_F(similar_questions, are_served_with_what_tells_whose_answer_it_is) {
  const auto stored = keep(house.chat(stored_question), "Press cancel.");
  const auto& request = house.chat(asked_question);
  auto lookup = look(request);
  ASSERT_TRUE(lookup.is_complete());
  EXPECT_EQ(lookup.of(0).entry, stored);
  EXPECT_EQ(lookup.of(0).how, outcome::semantic_hit);
  const auto made = assemble(lookup, house.shared, house.clock.seconds());
  EXPECT_EQ(made.outcome, outcome::semantic_hit);
  EXPECT_TRUE(made.head.fields.contains("x-refrain-cache: SEMANTIC_HIT\r\n")) << made.head.fields;
  EXPECT_TRUE(made.head.fields.contains("x-refrain-similarity: 0.8333\r\n")) << made.head.fields;
  EXPECT_TRUE(made.head.fields.contains("x-refrain-entry: " + stored->about.id.digest.hex())) << made.head.fields;
  EXPECT_TRUE(made.head.fields.contains("x-refrain-key: " + request.shown_key())) << made.head.fields;
}

TEST_F(similar_questions, are_served_in_the_form_that_is_asked_for) {
  keep(house.chat(stored_question), "Press cancel.");
  const auto lookup = look(house.chat(asked_question, {}, R"(,"stream":true)"));
  ASSERT_TRUE(lookup.is_complete());
  EXPECT_TRUE(lookup.of(0).turned.has_value());
}

TEST_F(similar_questions, are_alike_in_all_but_their_last_text) {
  keep(house.chat(stored_question), "Press cancel.");
  EXPECT_EQ(look(house.chat(asked_question, {}, R"(,"temperature":0.5)")).similar->why, reason::no_candidate);
  EXPECT_EQ(look(house.chat(asked_question, {{"authorization", "Bearer sk-another"}})).similar->why,
            reason::no_candidate);
  EXPECT_EQ(look(house.chat(asked_question, {{"x-refrain-namespace", "mine"}})).similar->why, reason::no_candidate);
  EXPECT_EQ(look(house.chat(asked_question, {}, R"(,"tools":[{"type":"function"}])")).similar->why,
            reason::no_question);
}

TEST_F(similar_questions, are_bound_by_what_a_request_asks_for) {
  keep(house.chat(stored_question), "Press cancel.");
  EXPECT_FALSE(source.applies(search{house.chat(asked_question, {{"x-refrain-semantic", "off"}})}));
  EXPECT_EQ(look(house.chat(asked_question, {{"x-refrain-semantic", "observe"}})).similar->why, reason::observed);
  EXPECT_EQ(look(house.chat(asked_question, {{"x-refrain-threshold", "0.9"}})).similar->why, reason::unlike);
  EXPECT_TRUE(look(house.chat(asked_question, {{"x-refrain-threshold", "0.1"}})).is_complete())
      << "a wish for less than the operator's";
  EXPECT_FALSE(look(house.chat("how can I return my order", {{"x-refrain-threshold", "0.1"}})).is_complete());
  EXPECT_FALSE(look(house.chat(asked_question, {{"cache-control", "no-cache"}})).is_complete());
}

TEST_F(similar_questions, say_on_a_miss_why_none_was_served) {
  keep(house.chat("set a timer for 5 minutes please"), "Done.");
  auto lookup = look(house.chat("set a timer for 6 minutes please"));
  lookup.failure = base::error{.code = base::errc::only_if_cached};
  EXPECT_EQ(similar_detail(lookup), "semantic-guarded-number");
  EXPECT_EQ(similar_detail(look(house.chat("and the second one?"))), "semantic-too_short");
  EXPECT_EQ(similar_detail(search{house.chat("hello")}), "");
}

TEST_F(similar_questions, whose_entries_are_gone_are_forgotten) {
  const auto stored = keep(house.chat(stored_question), "Press cancel.");
  house.loop.run(house.kept.catalogue().erase(stored->about.id.digest.hex()));
  EXPECT_EQ(look(house.chat(asked_question)).similar->why, reason::no_candidate);
  EXPECT_EQ(similar->stored().size(), 0);
}

TEST_F(similar_questions, survive_an_encoder_that_fails) {
  keep(house.chat(stored_question), "Press cancel.");
  encoder->fails = true;
  EXPECT_EQ(look(house.chat(asked_question)).similar->why, reason::busy);
}

class similar_questions_with_evidence : public similar_questions {
 protected:
  similar_questions_with_evidence() : similar_questions(semantic_mode::verified) {}
};

TEST_F(similar_questions_with_evidence, go_upstream_at_once_where_nothing_could_be_served) {
  keep(house.chat(stored_question), "Press cancel.");
  EXPECT_EQ(look(house.chat(asked_question)).similar->why, reason::no_evidence);
  EXPECT_EQ(look(house.chat("why is the sky blue", {}, R"(,"temperature":1)")).similar->why, reason::no_candidate);
}

TEST_F(similar_questions_with_evidence, teach_by_their_fresh_answers) {
  keep(house.chat(stored_question), "Press cancel.");
  teach(house.chat(asked_question), "Press cancel.");
  EXPECT_EQ(labels(), 1);
  teach(house.chat("why is the sky so blue today"), "Rayleigh.");
  EXPECT_EQ(labels(), 1) << "nothing like it is stored";
}

TEST_F(similar_questions_with_evidence, are_served_once_they_were_right_often_enough) {
  int taught = 0;
  for (bool served = false; !served && taught < 600; ++taught) {
    const auto thing =
        std::string{"thing"} + static_cast<char>('a' + taught % 26) + static_cast<char>('a' + taught / 26);
    keep(house.chat("how do I cancel my " + thing + " please today"), "Press cancel.");
    const auto& reworded = house.chat("how can I cancel my " + thing + " please today");
    served = look(reworded).is_complete();
    if (!served) teach(reworded, "Press cancel.");
  }
  EXPECT_GT(taught, 100);
  EXPECT_LT(taught, 600);
}

}  // namespace
}  // namespace refrain::gateway

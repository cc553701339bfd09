#include "semantic/matcher.h"

#include <gtest/gtest.h>

#include "support/base/manual_clock.h"
#include "support/encoder/word_bag.h"

namespace refrain::semantic {
namespace {

using config::semantic_mode;

class matching : public ::testing::Test {
 protected:
  static question ask(std::string text, semantic_mode mode = semantic_mode::threshold, double least = 0.7) {
    return {.text = text,
            .words = std::make_shared<const reading>(read(text)),
            .partition = base::sha256("here"),
            .contributor = base::sha256("alice"),
            .whose = {.route = "openai chat gpt", .tenant = "alice"},
            .mode = mode,
            .least_similarity = least};
  }

  void store(const std::string& text, std::string_view by = "alice", std::string_view where = "here") {
    stored_.insert({.partition = base::sha256(where),
                    .entry = base::sha256(text),
                    .tenant = base::sha256("tenant"),
                    .text = text,
                    .stored_at = clock_.seconds(),
                    .ttl = std::chrono::hours{1},
                    .contributor = base::sha256(by)},
                   *encoder_.remembered(text));
  }

  finding find(question asked) {
    finding found;
    matcher_.find(std::move(asked), base::sha256("own"), [&](finding made) { found = std::move(made); });
    return found;
  }

  reason why(question asked) { return find(std::move(asked)).why; }

  /// Has a question of this mode labelled so often, with one answer that differs in each `every`.
  void teach(const question& asked, int times, int every) {
    for (int i = 0; i < times; ++i) {
      const auto found = find(asked);
      ASSERT_TRUE(found.is_lesson());
      auto lesson = *found.nearest;
      lesson.stored = std::make_shared<const record>(record{.entry = base::sha256(std::to_string(i))});
      matcher_.learn(asked, lesson, i % every == every - 1);
    }
  }

  base::manual_clock clock_;
  encoder::word_bag encoder_;
  index stored_{encoder_.width(), {}};
  double drawn_ = 0.5;
  matcher matcher_{encoder_, stored_, clock_, {.learning = {}, .draw = [this] { return drawn_; }}};
};

TEST_F(matching, serves_by_threshold_what_is_near_enough) {
  store("how do I cancel my order");
  const auto found = find(ask("how can I cancel my order"));
  EXPECT_EQ(found.why, reason::served);
  EXPECT_EQ(found.nearest->stored->entry, base::sha256("how do I cancel my order"));
  EXPECT_EQ(why(ask("how can I cancel my order", semantic_mode::threshold, 0.99)), reason::unlike);
}

TEST_F(matching, finds_nothing_elsewhere_or_far_away) {
  store("how do I cancel my order", "alice", "elsewhere");
  EXPECT_EQ(why(ask("how do I cancel my order")), reason::no_candidate);
  store("why is the sky blue today");
  EXPECT_EQ(why(ask("how do I cancel my order")), reason::no_candidate);
}

TEST_F(matching, takes_no_question_for_its_own_answer) {
  store("how do I cancel my order");
  finding found;
  matcher_.find(ask("how do I cancel my order"), base::sha256("how do I cancel my order"),
                [&](finding made) { found = std::move(made); });
  EXPECT_EQ(found.why, reason::no_candidate);
}

TEST_F(matching, lets_guards_speak_and_names_the_nearest) {
  store("set a timer for 5 minutes please");
  const auto found = find(ask("set a timer for 6 minutes please"));
  EXPECT_EQ(found.why, reason::guarded);
  ASSERT_TRUE(found.nearest);
  EXPECT_EQ(found.nearest->guards.why, veto::number);
  EXPECT_FALSE(found.is_lesson());
}

TEST_F(matching, wants_words_in_common_however_near_the_vectors_lie) {
  // A text that was built to lie near another: its vector is the victim's, its words are not.
  stored_.insert({.partition = base::sha256("here"),
                  .entry = base::sha256("trap"),
                  .text = "zx qy visit evil example",
                  .stored_at = clock_.seconds(),
                  .ttl = std::chrono::hours{1},
                  .contributor = base::sha256("alice")},
                 *encoder_.remembered("how do I cancel my order"));
  const auto found = find(ask("how do I cancel my order"));
  EXPECT_EQ(found.why, reason::guarded);
  EXPECT_EQ(found.nearest->guards.why, veto::words);
}

TEST_F(matching, serves_nothing_verified_without_evidence_and_then_what_was_proved) {
  store("how do I cancel my order");
  const auto asked = ask("how can I cancel my order", semantic_mode::verified, 0);
  EXPECT_EQ(matcher_.hopeless(asked), reason::no_evidence);
  EXPECT_EQ(why(asked), reason::no_evidence);
  teach(asked, 1'000, 1'000'000);
  EXPECT_EQ(matcher_.hopeless(asked), std::nullopt);
  EXPECT_EQ(why(asked), reason::served);
  drawn_ = 0.01;
  EXPECT_EQ(why(asked), reason::explored);
}

TEST_F(matching, never_proves_what_is_wrong_too_often) {
  store("how do I cancel my order");
  const auto asked = ask("how can I cancel my order", semantic_mode::verified, 0);
  teach(asked, 2'000, 10);
  EXPECT_EQ(matcher_.hopeless(asked), reason::no_evidence);
}

TEST_F(matching, observes_what_it_would_serve) {
  store("how do I cancel my order");
  const auto asked = ask("how can I cancel my order", semantic_mode::observe, 0);
  EXPECT_EQ(matcher_.hopeless(asked), reason::observed);
  teach(asked, 1'000, 1'000'000);
  EXPECT_EQ(why(asked), reason::observed);
  EXPECT_EQ(matcher_.hopeless(asked), reason::observed);
}

TEST_F(matching, gives_others_of_a_namespace_only_what_two_have_found_right) {
  store("how do I cancel my order", "mallory");
  const auto asked = ask("how can I cancel my order");
  const auto found = find(asked);
  EXPECT_EQ(found.why, reason::untrusted);
  auto bob = asked;
  bob.contributor = base::sha256("bob");
  matcher_.learn(asked, *found.nearest, false);
  matcher_.learn(asked, *found.nearest, false);
  EXPECT_EQ(why(asked), reason::untrusted);
  matcher_.learn(bob, *found.nearest, false);
  EXPECT_EQ(why(asked), reason::served);
}

TEST_F(matching, bars_an_answer_that_was_reported_as_wrong) {
  store("how do I cancel my order");
  const auto entry = base::sha256("how do I cancel my order");
  EXPECT_FALSE(matcher_.report(entry, true));
  EXPECT_EQ(why(ask("how can I cancel my order")), reason::served);
  EXPECT_TRUE(matcher_.report(entry, true));
  EXPECT_EQ(why(ask("how can I cancel my order")), reason::quarantined);
}

TEST_F(matching, says_why_where_the_encoder_does_not_answer) {
  store("how do I cancel my order");
  encoder_.fails = true;
  const auto found = find(ask("how can I cancel my order"));
  EXPECT_EQ(found.why, reason::busy);
  EXPECT_EQ(found.vector, nullptr);
}

TEST(text_to_match, has_words_that_a_model_of_english_reads) {
  const auto why = [](std::string_view text) { return judge_text(read(text), true); };
  EXPECT_EQ(why("cancel my order"), reason::served);
  EXPECT_EQ(why("and the second one?"), reason::too_short);
  EXPECT_EQ(why("   "), reason::too_short);
  EXPECT_EQ(why("\U0001F600"), reason::too_short);
  std::string length;
  while (length.size() < 100'000) length += "cancel my order ";
  EXPECT_EQ(why(length), reason::too_long);
  EXPECT_EQ(why("cancel my\x01 order"), reason::unseen);
  EXPECT_EQ(why("cancel my\u200b order"), reason::unseen);
  EXPECT_EQ(why("मेरा ऑर्डर रद्द करो"), reason::language);
  EXPECT_EQ(why("mera order kaise cancel karu"), reason::language);
  EXPECT_EQ(judge_text(read("मेरा ऑर्डर रद्द करो"), false), reason::served);
}

}  // namespace
}  // namespace refrain::semantic

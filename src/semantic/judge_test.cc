#include "semantic/judge.h"

#include <gtest/gtest.h>

namespace refrain::semantic {
namespace {

struct answers {
  std::string_view one;
  std::string_view other;
  double cosine = 0.9;
  sameness is = sameness::same;
  judged_by why = judged_by::nearness;
};

TEST(judge, tells_answers_apart) {
  using enum sameness;
  const std::vector<answers> all{
      {"The capital is Paris.", "the  capital is Paris", 0.99, same, judged_by::words},
      {R"({"a": 1, "b": [1.0, true]})", R"({"b":[1,true],"a":1.0})", 0.9, same, judged_by::json},
      {R"({"a": 1})", R"({"a": 2})", 0.99, different, judged_by::json},
      {R"({"a": 1})", R"({"a": 1, "b": null})", 0.99, different, judged_by::json},
      {"Positive", "positive.", 0.9, same, judged_by::words},
      {"Positive", "Negative", 0.9, different, judged_by::length},
      {"To cancel your order, open the orders page and press cancel.",
       "Open the orders page and press cancel to cancel your order.", 0.95, same, judged_by::nearness},
      {"Your order arrives within 3 days after we have shipped it.",
       "Your order arrives within 5 days after we have shipped it.", 0.98, different, judged_by::numbers},
      {"The meeting with the whole team takes place on Monday morning.",
       "The meeting with the whole team takes place on Tuesday morning.", 0.98, different, judged_by::numbers},
      {"The book that you mean was written by Tolstoy a long time ago.",
       "The book that you mean was written by Dostoevsky a long time ago.", 0.93, unknown, judged_by::names},
      {"Yes, you can return it at any of our shops without a receipt.",
       "No, you can return it at none of our shops without a receipt.", 0.93, different, judged_by::consent},
      {"I'm sorry, I cannot help you with a question of that kind.",
       "You mix the two powders and let them stand for a while.", 0.5, different, judged_by::refusal},
      {"Run `git rebase main` and then push your branch once more please.",
       "Run `git merge main` and then push your branch once more please.", 0.95, different, judged_by::code},
      {"You need these things for it:\n- eggs\n- flour\n- sugar", "You need these things for it:\n- eggs\n- flour",
       0.95, unknown, judged_by::list},
      {"The sky is blue because air scatters short waves of light more.",
       "Our shop opens early in the morning and closes late at night.", 0.05, different, judged_by::nearness},
      {"अपना ऑर्डर रद्द करने के लिए ऑर्डर पेज खोलें और रद्द दबाएँ।",
       "To cancel your order open the orders page and press cancel.", 0.4, different, judged_by::script},
      {"आपका पैसा 3 दिन के अंदर आपके खाते में वापस आ जाएगा।", "आपका पैसा 5 दिन के अंदर आपके खाते में वापस आ जाएगा।", 0.97, different,
       judged_by::numbers},
  };
  for (const auto& pair : all) {
    for (const auto& [one, other] : {std::pair{pair.one, pair.other}, std::pair{pair.other, pair.one}}) {
      const auto made = judge(one, other, pair.cosine);
      EXPECT_EQ(made.is, pair.is) << one << "\n" << other << "\n" << to_string(made.why);
      EXPECT_EQ(made.why, pair.why) << one << "\n" << other << "\n" << to_string(made.why);
    }
  }
}

TEST(judge, tells_nothing_of_long_answers_without_their_vectors) {
  EXPECT_EQ(judge("To cancel your order, open the orders page and press cancel.",
                  "Open the orders page and press cancel to cancel your order.", std::nullopt)
                .is,
            sameness::unknown);
}

TEST(judge, takes_any_bytes) {
  for (const std::string_view text : {"", " ", "{", "[1,", "\xff\xfe", "{\"a\":\"\xff\"}"}) {
    (void)judge(text, "a b c d e f g", 0.5);
    EXPECT_EQ(judge(text, text, 0.5).is, sameness::same);
  }
}

}  // namespace
}  // namespace refrain::semantic

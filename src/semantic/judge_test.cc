#include "semantic/judge.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace refrain::semantic {
namespace {

struct answers {
  std::string stored;
  std::string fresh;
  std::optional<double> cosine = 0.9;
};

judgement of(const answers& pair) {
  const auto there = judge(pair.stored, pair.fresh, pair.cosine, {});
  const auto back = judge(pair.fresh, pair.stored, pair.cosine, {});
  EXPECT_EQ(there.is, back.is) << "symmetric: " << pair.stored;
  EXPECT_EQ(there.why, back.why) << "symmetric: " << pair.stored;
  return there;
}

struct rule {
  judged why;
  std::vector<answers> pairs;
};

void expect(sameness is, const std::vector<rule>& rules) {
  for (const auto& [why, pairs] : rules) {
    for (const auto& pair : pairs) {
      const auto found = of(pair);
      EXPECT_EQ(found.is, is) << pair.stored << " / " << pair.fresh;
      EXPECT_EQ(to_string(found.why), to_string(why)) << pair.stored << " / " << pair.fresh;
    }
  }
}

TEST(judge, sees_the_same_answer_in_other_words) {
  expect(sameness::same,
         {{judged::equal,
           {{"Open Settings and tap Reset.", "Open Settings and tap Reset."},
            {"You can return the shoes within 30 days of delivery.",
             "you can return the shoes within 30 days of delivery"}}},
          {judged::json,
           {{R"({"city": "Pune", "sizes": [1, 2.0]})", R"({"sizes":[1.0,2],"city":"Pune"})"},
            {R"([{"a": 1e2, "b": null}])", "```json\n[{\"b\": null, \"a\": 100}]\n```"}}},
          {judged::brief,
           {{"Positive", "positive."},
            {"**42**", "42.0"},
            {"1,000 rupees", "1000 Rupees"},
            {"Yes!", "yes"},
            {"हाँ।", "हाँ"},
            {"Three", "3"}}},
          {judged::code, {{"```python\nprint(1)\n```", "```\nprint(1)  \n\n```"}}},
          {judged::alike,
           {{"You can return the shoes within 30 days of delivery, and the refund goes to your card.",
             "Returns of shoes are accepted for 30 days after delivery; your card gets the refund."},
            {"Yes, the pool opens every day. Guests pay nothing for towels at the pool.",
             "The pool opens each day, and towels at the pool cost guests nothing."},
            {"To reset the router:\n1. Unplug the router.\n2. Wait 10 seconds.\n3. Plug the router in again.",
             "Reset the router like this:\n- unplug the router\n- wait for 10 seconds\n- plug the router in again"},
            {"The capital of Australia is Canberra, and not Sydney as many think.",
             "Canberra is the capital of Australia; many think Sydney, which is not so."},
            {"टिकट रद्द करने पर 50 रुपये कटेंगे और बाकी पैसा आपके खाते में लौटेगा।",
             "टिकट रद्द करने पर आपके खाते में बाकी पैसा लौटेगा, 50 रुपये कटेंगे।"},
            {"टिकट रद्द करने पर ५० रुपये कटेंगे और बाकी पैसा आपके खाते में लौटेगा।",
             "टिकट रद्द करने पर आपके खाते में बाकी पैसा लौटेगा, 50 रुपये कटेंगे।"},
            {"Ticket cancel karne par 50 rupaye katenge aur baaki paisa aapke khate mein lautega.",
             "Cancel karne par ticket ke 50 rupaye katenge, baaki paisa khate mein lautega aapke."}}}});
}

TEST(judge, sees_that_a_fact_is_another) {
  expect(sameness::different,
         {{judged::json,
           {{R"({"city": "Pune"})", R"({"city": "Delhi"})"},
            {R"({"a": 1})", R"({"a": "1"})"},
            {R"({"a": [1, 2]})", R"({"a": [2, 1]})"},
            {R"({"a": 1})", "The value of a is 1 in this case."}}},
          {judged::brief, {{"Yes", "No"}, {"42", "43"}, {"Paris.", "Lyon."}, {"3.10", "3.1"}, {"हाँ", "नहीं"}}},
          {judged::code,
           {{"```python\nprint(1)\n```", "```python\nprint(2)\n```"},
            {"Run this in your shell:\n```\nmake a\n```", "Run this in your shell:\n```\nmake b\n```"}}},
          {judged::language,
           {{"The shop opens at 9 in the morning.", "दुकान सुबह 9 बजे खुलती है।"},
            {"Dukan subah 9 baje khulti hai, aap tab aana.", "The shop opens at 9, so come then, please."}}},
          {judged::refusal,
           {{"I'm sorry, but I can't help with that request today.",
             "You reset the password on the page of your account."},
            {"क्षमा करें, मैं इसमें आपकी मदद नहीं कर सकता।", "पासवर्ड अपने खाते के पेज पर बदलें।"}}},
          {judged::yes_or_no,
           {{"Yes, you may carry a bottle of water on board.", "No, you may not carry a bottle of water on board."},
            {"हाँ, आप पानी की बोतल ले जा सकते हैं।", "नहीं, आप पानी की बोतल नहीं ले जा सकते हैं।"}}},
          {judged::number,
           {{"You can return the shoes within 30 days of delivery.",
             "You can return the shoes within 14 days of delivery."},
            {"The tank of this car holds 50 litres of fuel.", "The tank of this car holds 50 gallons of fuel."},
            {"टिकट रद्द करने पर 50 रुपये कटेंगे और बाकी लौटेगा।", "टिकट रद्द करने पर 70 रुपये कटेंगे और बाकी लौटेगा।"}}},
          {judged::date,
           {{"The office is closed for all of us on Monday.", "The office is closed for all of us on Friday."},
            {"दफ़्तर सोमवार को पूरे दिन बंद रहता है।", "दफ़्तर शनिवार को पूरे दिन बंद रहता है।"}}},
          {judged::name,
           {{"Your account manager is Priya Sharma, call her.", "Your account manager is Rahul Verma, call him."}}},
          {judged::identifier,
           {{"Undo the last commit with git_reset and nothing else.",
             "Undo the last commit with git_revert and nothing else."},
            {"See https://example.com/a for all the rules.", "See https://example.com/b for all the rules."}}},
          {judged::list,
           {{"You need:\n- flour\n- eggs\n- milk", "You need:\n- flour\n- eggs\n- milk\n- sugar\n- butter"}}},
          {judged::opposite,
           {{"Stretch your legs for a while before the run.", "Stretch your legs for a while after the run."}}},
          {judged::unlike,
           {{"Stretch your legs for a while before you run far.", "The museum shows paintings of old masters."},
            {"Stretch your legs for a while before the run.", "Before the run stretch your legs for a while.", 0.1}}}});
}

TEST(judge, does_not_know_where_one_answer_says_more) {
  expect(
      sameness::unknown,
      {{judged::number,
        {{"You can return the shoes after delivery.", "You can return the shoes within 30 days of delivery."}}},
       {judged::name,
        {{"The largest city of the country is Mumbai, by far.",
          "The largest city of the country is by far this one."}}},
       {judged::list,
        {{"For the dough you need:\n- flour\n- eggs\n- milk", "For the dough you need flour, eggs and milk, mixed."}}},
       {judged::denial,
        {{"You can bring your own bottle into the hall.", "You can not bring your own bottle into the hall."}}},
       {judged::place,
        {{"The fee of this account is billed monthly.", "The fee of this account is billed yearly."},
         {"आपके मैनेजर का नाम प्रिया शर्मा है।", "आपके मैनेजर का नाम राहुल वर्मा है।"}}}});
}

TEST(judge, does_not_know_where_answers_are_only_somewhat_alike) {
  expect(sameness::unknown, {{judged::doubtful,
                              {{"Stretch your legs for a while, the run comes later.",
                                "Later you run, so stretch both legs well now.", 0.6}}}});
}

TEST(judge, does_without_vectors) {
  const auto found = of({"Canberra is the capital of Australia; many think Sydney.",
                         "The capital of Australia, many think, is Sydney; it is Canberra.", std::nullopt});
  EXPECT_EQ(found.is, sameness::same);
}

TEST(judge, leaves_very_long_answers_alone) {
  const std::string one(100'000, 'a');
  EXPECT_EQ(of({one, one}).is, sameness::same);
  EXPECT_EQ(of({one, one + "b"}).why, judged::too_long);
}

TEST(judge, takes_any_bytes) {
  for (const std::string text : {"", " ", "\xff\xfe", "```", "``````", "{", "- ", "1. ", "🙂", "\xF0\x9F"}) {
    EXPECT_EQ(of({text, text}).is, sameness::same);
    EXPECT_NE(of({text, "The shop opens at 9 in the morning."}).is, sameness::same) << text;
  }
}

}  // namespace
}  // namespace refrain::semantic

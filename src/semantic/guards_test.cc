#include "semantic/guards.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refrain::semantic {
namespace {

struct pair {
  std::string one;
  std::string other;
};

comparison of(const pair& texts) {
  const auto there = compare(read(texts.one), read(texts.other));
  const auto back = compare(read(texts.other), read(texts.one));
  EXPECT_EQ(there.why, back.why) << "symmetric: " << texts.one;
  EXPECT_EQ(there.where, back.where) << "symmetric: " << texts.one;
  return there;
}

struct rule {
  veto why;
  std::vector<pair> pairs;
};

TEST(guards, drop_what_another_answer_belongs_to) {
  const rule rules[]{
      {veto::number,
       {{"Convert 5 km to miles", "Convert 6 km to miles"},
        {"Can I carry 2 bags?", "Can I carry two hundred bags?"},
        {"chmod 755 on a folder", "chmod 644 on a folder"},
        {"Is 5 kg enough?", "Is 5 lb enough?"},
        {"A table at 7 pm", "A table at 7 am"},
        {"Pay $20 by card", "Pay 20 euros by card"},
        {"5 किलो चावल", "६ किलो चावल"},
        {"do din ki chhutti chahiye", "teen din ki chhutti chahiye"},
        {"एक दिन की छुट्टी", "दो दिन की छुट्टी"}}},
      {veto::unit,
       {{"How far is the moon in kilometres?", "How far is the moon in miles?"},
        {"Convert 2 TB to GB", "Convert 2 TB to MB"},
        {"What does it cost in euros?", "What does it cost in dollars?"}}},
      {veto::date,
       {{"Cancel today's lunch", "Cancel tomorrow's lunch"},
        {"Is the shop open on Monday?", "Is the shop open on Sundays?"},
        {"flights on 3 June", "flights on 3 July"},
        {"सोमवार को दुकान खुली है", "शनिवार को दुकान खुली है"}}},
      {veto::negation,
       {{"Can I travel with a visa?", "Can I travel without a visa?"},
        {"Does it rain?", "Doesn't it rain?"},
        {"Withdraw the interest", "Withdraw only the interest"},
        {"All days except weekends", "All days weekends"},
        {"क्या यह चलेगा", "क्या यह नहीं चलेगा"},
        {"bina card ke paise nikalna", "card ke paise nikalna"}}},
      {veto::opposite,
       {{"How do I open an account?", "How do I close an account?"},
        {"Enable dark mode", "disabling dark mode"},
        {"Stretch before a run", "Stretch after a run"},
        {"कार्ड चालू करें", "कार्ड बंद करें"}}},
      {veto::quoted, {{"Translate \"red door\"", "Translate \"green door\""}}},
      {veto::code,
       {{"What does $? mean", "What does $# mean"},
        {"Explain git reset --hard", "Explain git reset --soft"},
        {"Open src/main.cc", "Open src/main.h"},
        {"Why use C++ here", "Why use C# here"},
        {"Call foo_bar twice", "Call foo_baz twice"}}},
      {veto::question,
       {{"Why do cats purr?", "When do cats purr?"},
        {"How much does shipping take?", "How long does shipping take?"},
        {"How do I pay?", "Why do I pay?"},
        {"यह कब खुलता है", "यह क्यों खुलता है"}}},
      {veto::script, {{"मेरा पैसा कहां है", "Where is my money"}, {"mera paisa kahan hai", "where is my money"}}},
  };
  for (const auto& [why, pairs] : rules) {
    for (const auto& texts : pairs)
      EXPECT_EQ(to_string(of(texts).why), to_string(why)) << texts.one << " | " << texts.other;
  }
}

TEST(guards, let_pass_what_is_written_otherwise) {
  for (const pair& texts : std::vector<pair>{
           {"Convert 5 km to miles", "convert five kilometers to miles."},
           {"Pay 20 dollars", "pay $20"},
           {"1,000 MB", "1000 megabytes"},
           {"The 1st of June", "June 1st"},
           {"Can I get 2 bags?", "can i get two bags"},
           {"What's the fee?", "what is the fee"},
           {"I don’t know my PIN", "I don't know my PIN"},
           {"६ किलो चावल", "6 किलो चावल"},
           {"Which one is it?", "Which is it?"},
           {"What is the difference between import and export?", "What is the difference between export and import?"},
           {"Tell me the time in Paris", "tell me the time in paris"},
       }) {
    EXPECT_TRUE(of(texts).may_answer()) << texts.one << " | " << texts.other << ": " << to_string(of(texts).why);
  }
}

TEST(bins, tell_kinds_of_difference_apart) {
  EXPECT_EQ(of({"How do I reset my PIN?", "how can I reset my pin"}).where, bin::clean);
  EXPECT_EQ(of({"Convert euros into dollars", "dollars into euros convert"}).where, bin::order_changed);
  EXPECT_EQ(of({"reset debit card pin", "reset card pin"}).where, bin::one_extra);
  EXPECT_EQ(of({"reset card pin", "reset card password"}).where, bin::substituted);
  EXPECT_EQ(of({"the weather in Paris", "the weather in London"}).where, bin::entity_missing);
}

TEST(normal_forms, are_one_for_all_ways_to_write_a_text) {
  for (const auto* text : {"What is  a\tFee?", "what is a fee", " WHAT IS A FEE ?! ", "what is a fee…"}) {
    EXPECT_EQ(normal_form(text), "what is a fee") << text;
  }
  EXPECT_EQ(normal_form("पैसा कहां है।"), normal_form("पैसा कहां है?"));
  EXPECT_EQ(normal_form("cafe\xCC\x81"), normal_form("CAF\xC3\x89")) << "an accent of its own, and a letter with one";
  EXPECT_EQ(normal_form("\xFF\xC3"), "");
  EXPECT_EQ(normal_form(""), "");
}

TEST(readings, see_characters_that_nobody_sees) {
  EXPECT_TRUE(read("pay\xE2\x80\x8Bpal").unseen_characters) << "a zero-width blank";
  EXPECT_TRUE(read("a\x07z").unseen_characters);
  EXPECT_TRUE(read("a\xE2\x80\xAEz").unseen_characters) << "right-to-left override";
  EXPECT_FALSE(read("plain\ttext\n").unseen_characters);
  EXPECT_FALSE(read("क्‍या").unseen_characters) << "joiners are spelling";
}

TEST(readings, survive_any_bytes) {
  std::string bytes;
  for (int i = 0; i < 512; ++i) bytes += static_cast<char>(i * 37 % 256);
  EXPECT_EQ(compare(read(bytes), read(bytes)).why, veto::none);
  EXPECT_TRUE(read(std::string(100'000, 'x')).numbers.empty());
}

}  // namespace
}  // namespace refrain::semantic

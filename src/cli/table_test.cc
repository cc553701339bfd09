#include "cli/table.h"

#include <gtest/gtest.h>

#include "cli/readable.h"

namespace refrain::cli {
namespace {

TEST(tables, are_cut_to_a_narrow_line_where_they_hold_texts) {
  table one{{{.title = "name"}, {.title = "size", .aligned = side::right}, {.title = "query"}}};
  one.add({"a rather long name", "123456", "a question that is longer than the rest of it"});
  EXPECT_EQ(one.text(false, 40),
            "name               size  query\n"
            "a rather long \xe2\x80\xa6  123456  a question tha\xe2\x80\xa6\n");
  EXPECT_EQ(one.text(false, 1000), one.text(false));
  EXPECT_TRUE(one.text(false, 1).contains("123456")) << "figures stay whole";
}

TEST(tables, align_their_columns) {
  table one{{{.title = "name"}, {.title = "size", .aligned = side::right}, {.title = "query"}}};
  one.add({"a", "1"});
  one.add({"longer", "100", "x"});
  EXPECT_EQ(one.text(false),
            "name    size  query\n"
            "a          1\n"
            "longer   100  x\n");
}

TEST(tables, count_characters_rather_than_bytes) {
  table one{{{.title = ""}, {.title = ""}}};
  one.add({"gr\xc3\xbc\xc3\x9f", "x"});
  one.add({"four", "y"});
  EXPECT_EQ(one.text(false), "gr\xc3\xbc\xc3\x9f  x\nfour  y\n");
}

TEST(tables, cut_long_texts_between_characters) {
  table one{{{.title = "", .most = 3}}};
  one.add({"\xc3\xbc\xc3\xbc\xc3\xbc"});
  one.add({"\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"});
  EXPECT_EQ(one.text(false), "\xc3\xbc\xc3\xbc\xc3\xbc\n\xc3\xbc\xc3\xbc\xe2\x80\xa6\n");
}

TEST(tables, obey_no_control_characters) {
  table one{{{.title = ""}}};
  one.add({"a\x1b[31mb\nc\x7f\xc2\x9b"});
  EXPECT_EQ(one.text(false), "a [31mb c\n");
  EXPECT_EQ(without_controls("a\n\tb\x1b", "\n\t"), "a\n\tb ");
}

TEST(tables, write_their_titles_bold_where_colours_are_wanted) {
  table one{{{.title = "name"}}};
  EXPECT_EQ(one.text(true), "\x1b[1mname\x1b[0m\n");
  EXPECT_TRUE(one.empty());
}

TEST(readable_texts, say_spans_in_two_units) {
  using namespace std::chrono_literals;
  EXPECT_EQ(readable(0s), "0 s");
  EXPECT_EQ(readable(59s), "59 s");
  EXPECT_EQ(readable(60s), "1 min");
  EXPECT_EQ(readable(61s), "1 min 1 s");
  EXPECT_EQ(readable(3h + 59s), "3 h");
  EXPECT_EQ(readable(50h), "2 d 2 h");
  EXPECT_EQ(readable(-90s), "-1 min 30 s");
}

TEST(readable_texts, say_money_and_shares) {
  EXPECT_EQ(readable(entry::micro_usd{0}), "$0");
  EXPECT_EQ(readable(entry::micro_usd{1'234}), "$0.001234");
  EXPECT_EQ(readable(entry::micro_usd{12'345'678}), "$12.3456");
  EXPECT_EQ(readable(entry::micro_usd{-50'000}), "-$0.0500");
  EXPECT_EQ(readable_share(0.6667), "66.7 %");
  EXPECT_EQ(readable_share(std::nullopt), "-");
}

TEST(readable_texts, undo_the_apis_times) {
  EXPECT_EQ(time_from("2027-01-15T08:00:00Z"), base::sys_seconds{std::chrono::seconds{1'800'000'000}});
  EXPECT_EQ(time_from("2027-13-15T08:00:00Z"), std::nullopt);
  EXPECT_EQ(time_from("soon"), std::nullopt);
}

}  // namespace
}  // namespace refrain::cli

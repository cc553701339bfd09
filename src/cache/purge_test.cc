#include "cache/purge.h"

#include <gtest/gtest.h>

#include <thread>

namespace refrain::cache {
namespace {

using namespace std::chrono_literals;

constexpr base::sys_seconds later{2000s};

entry::meta fetched_at(std::uint64_t number, std::string model = "large") {
  entry::meta about;
  about.purge_number = number;
  about.model = std::move(model);
  return about;
}

TEST(purge_book, kills_only_what_began_before_and_matches) {
  purge_book book;
  EXPECT_FALSE(book.dead(fetched_at(0)));
  const auto record = book.issue({.model = "large"}, later);
  EXPECT_EQ(record.number, 1u);
  EXPECT_EQ(book.current(), 1u);
  EXPECT_TRUE(book.dead(fetched_at(0)));
  EXPECT_FALSE(book.dead(fetched_at(0, "small")));
  EXPECT_FALSE(book.dead(fetched_at(1)));
}

TEST(purge_book, an_older_record_spares_what_a_newer_one_does_not_select) {
  purge_book book;
  book.issue({.model = "large"}, later);
  book.issue({.model = "small"}, later);
  EXPECT_FALSE(book.dead(fetched_at(1, "large")));
  EXPECT_TRUE(book.dead(fetched_at(1, "small")));
}

TEST(purge_book, merging_keeps_the_maximum_and_no_record_twice) {
  purge_book book;
  const purge_record made{.number = 9, .what = {.model = "large"}, .until = later};
  book.merge({made, {.number = 3, .what = {.model = "small"}, .until = later}});
  book.merge({made});
  EXPECT_EQ(book.current(), 9u);
  EXPECT_EQ(book.records().size(), 2u);
  EXPECT_TRUE(book.dead(fetched_at(8)));
  EXPECT_FALSE(book.dead(fetched_at(8, "small")));
  EXPECT_EQ(book.issue({}, later).number, 10u);
}

TEST(purge_book, two_nodes_may_give_one_number_to_two_purges) {
  purge_book book;
  book.issue({.model = "large"}, later);
  book.merge({{.number = 1, .what = {.model = "small"}, .until = later}});
  EXPECT_TRUE(book.dead(fetched_at(0, "large")));
  EXPECT_TRUE(book.dead(fetched_at(0, "small")));
}

TEST(purge_book, expired_records_go_and_the_number_stays) {
  purge_book book;
  book.issue({}, later);
  book.expire(later - 1s);
  EXPECT_TRUE(book.dead(fetched_at(0)));
  book.expire(later);
  EXPECT_FALSE(book.dead(fetched_at(0)));
  EXPECT_EQ(book.current(), 1u);
  book.raise(5);
  book.raise(4);
  EXPECT_EQ(book.current(), 5u);
}

TEST(purge_book, who_sees_the_number_finds_the_record) {
  purge_book book;
  std::thread purging([&book] {
    for (int i = 0; i < 200; ++i) book.issue({.model = "large"}, later);
  });
  for (std::uint64_t seen = 0; seen < 200; seen = book.current()) {
    if (seen > 0) {
      EXPECT_TRUE(book.dead(fetched_at(seen - 1)));
    }
  }
  purging.join();
}

TEST(purge_record_json, gives_back_every_member) {
  const purge_record all{.number = 12,
                         .what = {.digest = base::sha256("one"),
                                  .type = entry::cache_type::tts,
                                  .upstream = "u",
                                  .model = "m",
                                  .tag = "t",
                                  .tenant = "anna \"x\"",
                                  .name_space = "n",
                                  .level = "l",
                                  .text = "x",
                                  .stored_before = base::sys_seconds{99s}},
                         .until = later};
  EXPECT_EQ(decode_purge_record(encode(all)), all);
  const purge_record none{.number = 1, .what = {}, .until = later};
  EXPECT_EQ(decode_purge_record(encode(none)), none);
}

TEST(purge_record_json, refuses_what_it_does_not_understand) {
  for (const auto* text :
       {"", "[]", "{}", R"({"number":0,"until":1,"what":{}})", R"({"number":-1,"until":1,"what":{}})",
        R"({"number":1,"until":-1,"what":{}})", R"({"number":1,"until":1})",
        R"({"number":1,"until":1,"what":{"model":3}})", R"({"number":1,"until":1,"what":{"digest":"0a"}})",
        R"({"number":1,"until":1,"what":{"digest":7}})", R"({"number":1,"until":1,"what":{"type":"x"}})",
        // Ignoring a member would purge more than was asked for.
        R"({"number":1,"until":1,"what":{"colour":"red"}})"}) {
    EXPECT_FALSE(decode_purge_record(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace refrain::cache

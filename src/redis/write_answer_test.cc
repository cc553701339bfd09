#include "redis/write_answer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace refrain::redis {
namespace {

reply error(std::string text) { return {.kind = reply_kind::error, .text = std::move(text)}; }
const reply ok{.kind = reply_kind::status, .text = "OK"};
const reply one{.kind = reply_kind::integer, .integer = 1};

TEST(write_answers, are_refused_where_any_part_is) {
  const std::vector good{ok, one, one};
  EXPECT_EQ(read_write_answer(good, true).refusal, nullptr);
  const std::vector full{ok, error("OOM no"), error("EXECABORT because")};
  EXPECT_EQ(read_write_answer(full, true).refusal, &full[1]);
  const std::vector inside{ok, ok, reply{.kind = reply_kind::array, .items = {one, error("WRONGTYPE x")}}};
  EXPECT_EQ(read_write_answer(inside, true).refusal, &inside[2].items[1]);
}

TEST(write_answers, are_good_where_only_the_transaction_was_refused) {
  const std::vector plain{error("ERR unknown command 'MULTI'"), one, one, error("ERR unknown")};
  EXPECT_EQ(read_write_answer(plain, true).refusal, nullptr);
  EXPECT_TRUE(read_write_answer(plain, true).knows_no_transactions);
  const std::vector refused{error("NOPERM"), error("NOPERM"), error("NOPERM")};
  EXPECT_NE(read_write_answer(refused, true).refusal, nullptr);
  const std::vector no_transaction{error("NOPERM"), one, one};
  EXPECT_NE(read_write_answer(no_transaction, false).refusal, nullptr);
}

}  // namespace
}  // namespace refrain::redis

#include "app/similar.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>

#include "store/memory_store.h"
#include "support/base/manual_clock.h"
#include "support/encoder/word_bag.h"
#include "support/net/loop.h"
#include "support/temp_folder.h"

namespace refrain::app {
namespace {

using config::semantic_mode;

/// A machine with no encoder, whatever this one has.
class opening_similar : public testing::Test {
 protected:
  opening_similar() {
    if (const char* const set = std::getenv(variable)) was_ = set;
    ::unsetenv(variable);
  }
  ~opening_similar() override {
    if (was_) ::setenv(variable, was_->c_str(), 1);
  }

  base::result<similar_house> open() const { return open_similar(settings_, {.data = folder_.file(""), .state = {}}); }

  static constexpr const char* variable = "REFRAIN_ENCODER_FOLDER";
  tests::temp_folder folder_;
  config::settings settings_;

 private:
  std::optional<std::string> was_;
};

TEST_F(opening_similar, goes_without_where_nobody_asks_for_it_and_says_why) {
  const auto house = open();
  ASSERT_TRUE(house) << house.error().context;
  EXPECT_EQ(house->answers, nullptr);
  EXPECT_TRUE(house->why_not.contains("refrain encoder pull")) << house->why_not;
  settings_.semantic.mode = semantic_mode::off;
  EXPECT_EQ(open()->why_not, "semantic.mode is off");
}

TEST_F(opening_similar, does_not_start_where_a_mode_needs_an_encoder) {
  settings_.semantic.mode = semantic_mode::observe;
  ASSERT_FALSE(open());
  EXPECT_EQ(open().error().code, base::errc::bad_config);
  EXPECT_TRUE(open().error().context.contains("refrain encoder pull")) << open().error().context;
  settings_.semantic.mode = std::nullopt;
  settings_.upstreams["openai"].semantic = semantic_mode::verified;
  EXPECT_FALSE(open());
}

TEST_F(opening_similar, goes_without_a_model_that_is_cut) {
  std::filesystem::create_directories(folder_.file("encoders/minilm"));
  std::ofstream{folder_.file("encoders/minilm/model.safetensors")} << "half of it";
  std::ofstream{folder_.file("encoders/minilm/vocab.txt")} << "[PAD]\n";
  const auto house = open();
  ASSERT_TRUE(house) << house.error().context;
  EXPECT_EQ(house->answers, nullptr);
  EXPECT_TRUE(house->why_not.contains("model.safetensors")) << house->why_not;
}

TEST(stored_questions, are_all_found_after_a_start) {
  base::manual_clock clock;
  store::memory_store kept{{.memory_bytes = {16 << 20},
                            .entry_cap = {1 << 16},
                            .keep_stale = std::chrono::hours{1},
                            .clock = &clock,
                            .purges = std::make_shared<cache::purge_book>()}};
  const auto put = [&](int number, std::optional<entry::semantic_record> similar) {
    auto made = std::make_shared<entry::entry>();
    made->about.id = {.type = entry::cache_type::llm, .digest = base::sha256(std::to_string(number)), .tenant = {}};
    made->about.stored_at = clock.seconds();
    made->about.ttl = std::chrono::hours{1};
    made->about.similar = std::move(similar);
    kept.put(std::move(made));
  };
  encoder::word_bag probe;
  const auto vector = semantic::pack(*probe.remembered("cancel my order")).to_base64();
  const entry::semantic_record whole{
      .partition = base::sha256("p"), .contributor = {}, .encoder = 7, .text = "cancel my order", .vector = vector};
  for (int i = 0; i < 1'200; ++i) put(i, whole);
  put(1'200, std::nullopt);
  auto other = whole;
  other.encoder = 8;
  put(1'201, other);
  auto without = whole;
  without.vector.clear();
  put(1'202, without);

  gateway::similar_answers answers{std::make_unique<encoder::word_bag>(),
                                   clock,
                                   {.matching = {.learning = {}, .draw = [] { return 0.5; }}, .indexing = {}}};
  net::running_loop loop;
  const auto all = [](gateway::similar_answers* into, entry::store* from) -> net::task<bool> {
    co_await index_stored(into, from);
    co_return true;
  };
  loop.run(all(&answers, &kept));
  EXPECT_EQ(answers.stored().size(), 1'201) << "those of this encoder, one of them encoded anew";
}

}  // namespace
}  // namespace refrain::app

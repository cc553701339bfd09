#include "encoder/service.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "support/encoder/model_file.h"

namespace refrain::encoder {
namespace {

constexpr std::size_t width = 32;

class encoding : public ::testing::Test {
 protected:
  encoding() {
    model_file_.add_bert({.words = 8, .longest = 16, .width = width, .wide = 2 * width});
    const auto folder = std::filesystem::path{model_file_.write()}.parent_path().string();
    std::ofstream{folder + "/vocab.txt"} << "[PAD]\n[UNK]\n[CLS]\n[SEP]\nred\ndoor\nquery\n:\n";
    model_ =
        std::make_shared<const sentence_encoder>(std::move(sentence_encoder::open(folder, {.head_size = 8})).value());
  }

  static base::result<vector_ptr> encode(service& by, std::string text) {
    std::promise<base::result<vector_ptr>> made;
    auto vector = made.get_future();
    by.encode(std::move(text), [&made](base::result<vector_ptr> one) { made.set_value(std::move(one)); });
    return vector.get();
  }
  std::vector<float> expected(const std::string& text) const {
    workspace room;
    return model_->encode(std::vector{text}, room);
  }

  testing::model_file model_file_;
  std::shared_ptr<const sentence_encoder> model_;
};

TEST_F(encoding, gives_the_models_vector_and_remembers_it) {
  service by{model_, 1, {}};
  EXPECT_EQ(by.remembered("red door"), nullptr);
  const auto vector = encode(by, "red door");
  ASSERT_TRUE(vector.has_value());
  EXPECT_EQ(**vector, expected("red door"));
  EXPECT_EQ(by.remembered("red door"), *vector);
  EXPECT_EQ(*encode(by, "red door"), *vector) << "the same object";
}

TEST_F(encoding, forgets_what_was_used_longest_ago) {
  service by{model_, 1, {.remembered_bytes = 1'000}};
  (void)encode(by, "red");
  (void)encode(by, "door");
  EXPECT_NE(by.remembered("red"), nullptr);
  (void)encode(by, "query");
  EXPECT_EQ(by.remembered("door"), nullptr);
  EXPECT_NE(by.remembered("red"), nullptr);
}

TEST_F(encoding, serves_many_threads_at_once_each_with_its_own_text) {
  service by{model_, 1, {.threads = 2}};
  const std::vector<std::string> texts{"red", "door", "red door", "door red", "query red", "query door"};
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        for (std::size_t k = 0; k < 60; ++k) {
          const auto& text = texts[(k + static_cast<std::size_t>(i)) % texts.size()];
          const auto vector = encode(by, text);
          wrong += vector && **vector == expected(text) ? 0 : 1;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

/// A service whose only thread is held up, so that all else waits.
class held_up : public encoding {
 protected:
  held_up() {
    by.encode("red", [this](const auto&) {
      began_.set_value();
      may_go_on.get_future().wait();
    });
    began_.get_future().wait();
  }
  ~held_up() override {
    if (!went_on) may_go_on.set_value();
  }
  void go_on() {
    went_on = true;
    may_go_on.set_value();
  }

  std::promise<void> may_go_on;
  bool went_on = false;
  service by{model_, 1, {.threads = 1, .most_waiting = 2}};

 private:
  std::promise<void> began_;
};

TEST_F(held_up, encodes_a_text_once_for_all_who_wait_for_it) {
  std::vector<std::promise<vector_ptr>> made(5);
  for (auto& one : made) {
    by.encode("door", [&one](base::result<vector_ptr> vector) { one.set_value(vector.value_or(nullptr)); });
  }
  go_on();
  const auto first = made.front().get_future().get();
  ASSERT_NE(first, nullptr);
  for (std::size_t i = 1; i < made.size(); ++i) EXPECT_EQ(made[i].get_future().get(), first);
}

TEST_F(held_up, refuses_more_than_may_wait) {
  by.encode("door", [](const auto&) {});
  by.encode("query", [](const auto&) {});
  const auto refused = encode(by, "red door");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::errc::overloaded);
}

TEST_F(encoding, ends_with_a_word_to_all_who_wait) {
  std::atomic<int> told{0};
  {
    std::promise<void> began;
    std::promise<void> may_go_on;
    service by{model_, 1, {}};
    by.encode("red", [&](const auto&) {
      began.set_value();
      may_go_on.get_future().wait();
    });
    began.get_future().wait();
    for (int i = 0; i < 20; ++i) {
      by.encode("door" + std::to_string(i), [&told](const auto&) { ++told; });
    }
    may_go_on.set_value();
  }
  EXPECT_EQ(told, 20);
}

}  // namespace
}  // namespace refrain::encoder

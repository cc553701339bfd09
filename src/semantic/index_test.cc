#include "semantic/index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

namespace refrain::semantic {
namespace {

constexpr std::size_t width = 48;
constexpr base::sys_seconds now{std::chrono::seconds{1'800'000'000}};

base::digest256 id(int number) { return base::sha256(std::to_string(number)); }

record record_of(int number, std::string_view partition = "one") {
  return {.partition = base::sha256(partition),
          .entry = id(number),
          .text = "question " + std::to_string(number),
          .stored_at = now,
          .ttl = std::chrono::hours{1},
          .about = std::make_shared<const labels>(labels{.model = "m"})};
}

class indexed : public ::testing::Test {
 protected:
  /// Texts of the same kind lie near each other, as questions do.
  std::vector<float> any_vector() {
    std::vector<float> made(width);
    const auto& centre = centres_[random_() % centres_.size()];
    float sum = 0;
    for (std::size_t i = 0; i < width; ++i) {
      made[i] = centre[i] + 0.7F * normal_(random_);
      sum += made[i] * made[i];
    }
    for (auto& one : made) one /= std::sqrt(sum);
    return made;
  }

  void fill(index& into, int count, std::string_view partition = "one") {
    for (int i = 0; i < count; ++i) {
      vectors_.push_back(any_vector());
      into.insert(record_of(i, partition), vectors_.back());
    }
  }

  std::vector<int> truly_nearest(const std::vector<float>& to, std::size_t most) const {
    std::vector<std::pair<double, int>> all;
    for (std::size_t i = 0; i < vectors_.size(); ++i) all.emplace_back(-cosine_of(vectors_[i], to), i);
    std::ranges::sort(all);
    std::vector<int> best;
    for (std::size_t i = 0; i < most; ++i) best.push_back(all[i].second);
    return best;
  }

  /// The share of the true four nearest among those found.
  double recall(const index& in, int times) {
    int found = 0;
    for (int i = 0; i < times; ++i) {
      const auto asked = any_vector();
      std::set<base::digest256> got;
      for (const auto& one : in.nearest(base::sha256("one"), asked, 8, now)) got.insert(one.stored->entry);
      for (const auto best : truly_nearest(asked, 4)) found += got.contains(id(best)) ? 1 : 0;
    }
    return found / (4.0 * times);
  }

  std::mt19937 random_{11};  // NOLINT: the same each time
  std::normal_distribution<float> normal_{0, 1};
  std::vector<std::vector<float>> centres_ = [this] {
    std::vector<std::vector<float>> made(20, std::vector<float>(width));
    for (auto& one : made) std::ranges::generate(one, [this] { return normal_(random_); });
    return made;
  }();
  std::vector<std::vector<float>> vectors_;
};

TEST_F(indexed, finds_the_nearest_with_their_cosines) {
  index own{width, {}};
  fill(own, 500);
  const auto asked = any_vector();
  const auto found = own.nearest(base::sha256("one"), asked, 8, now);
  ASSERT_EQ(found.size(), 8);
  EXPECT_TRUE(std::ranges::is_sorted(found, std::greater{}, &index::neighbour::cosine));
  EXPECT_EQ(found.front().stored->entry, id(truly_nearest(asked, 1).front()));
  for (const auto& one : found) {
    const auto number = std::stoul(one.stored->text.substr(9));
    EXPECT_NEAR(one.cosine, cosine_of(vectors_[number], asked), 0.004);
  }
  EXPECT_GE(recall(own, 50), 0.99);
}

TEST_F(indexed, finds_them_by_a_graph_where_there_are_many) {
  index own{width, {.graph_from = 300}};
  fill(own, 1'500);
  EXPECT_GE(recall(own, 50), 0.98);
  // What is erased is found no more, and its place serves another.
  for (int i = 0; i < 1'500; i += 2) own.erase(id(i));
  const auto asked = any_vector();
  for (const auto& one : own.nearest(base::sha256("one"), asked, 8, now)) {
    EXPECT_EQ(std::stoul(one.stored->text.substr(9)) % 2, 1);
  }
  for (int i = 0; i < 1'500; i += 2) own.insert(record_of(i), vectors_[static_cast<std::size_t>(i)]);
  EXPECT_EQ(own.size(), 1'500);
  EXPECT_GE(recall(own, 50), 0.97);
}

TEST_F(indexed, finds_them_while_a_graph_is_being_made_and_without_one_again) {
  index own{width, {.graph_from = 300}};
  for (int i = 0; i < 420; ++i) {
    vectors_.push_back(any_vector());
    own.insert(record_of(i), vectors_.back());
    if (i % 20 == 0 && i > 280) {
      EXPECT_GE(recall(own, 10), 0.97) << i;
    }
  }
  for (int i = 30; i < 420; ++i) own.erase(id(i));
  vectors_.resize(30);
  EXPECT_EQ(own.nearest(base::sha256("one"), any_vector(), 50, now).size(), 30);
  EXPECT_GE(recall(own, 20), 0.99);
  for (int i = 0; i < 400; ++i) own.insert(record_of(i), any_vector());
  EXPECT_EQ(own.size(), 400);
  EXPECT_EQ(own.nearest(base::sha256("one"), any_vector(), 8, now).size(), 8);
}

TEST_F(indexed, has_an_entry_in_one_partition_alone) {
  index own{width, {}};
  own.insert(record_of(1, "one"), any_vector());
  own.insert(record_of(1, "two"), any_vector());
  EXPECT_TRUE(own.nearest(base::sha256("one"), any_vector(), 8, now).empty());
  EXPECT_EQ(own.nearest(base::sha256("two"), any_vector(), 8, now).size(), 1);
  EXPECT_EQ(own.size(), 1);
  EXPECT_EQ(own.partitions(), 1);
}

TEST_F(indexed, keeps_labels_once_for_all_that_have_them) {
  index own{width, {}};
  for (int i = 0; i < 300; ++i) {
    auto one = record_of(i);
    one.about = std::make_shared<const labels>(labels{.model = i % 2 == 0 ? "m" : std::to_string(i)});
    own.insert(one, any_vector());
  }
  std::set<const labels*> all;
  for (const auto& one : own.nearest(base::sha256("one"), any_vector(), 300, now)) all.insert(one.stored->about.get());
  EXPECT_EQ(all.size(), 151);
}

TEST_F(indexed, takes_no_vector_of_another_width) {
  index own{width, {}};
  own.insert(record_of(1), std::vector<float>(width + 1, 0.1F));
  EXPECT_EQ(own.size(), 0);
  fill(own, 1);
  EXPECT_TRUE(own.nearest(base::sha256("one"), std::vector<float>(width - 1, 0.1F), 8, now).empty());
  EXPECT_TRUE(own.nearest(base::sha256("one"), any_vector(), 0, now).empty());
}

TEST_F(indexed, parts_partitions) {
  index own{width, {}};
  fill(own, 10);
  EXPECT_TRUE(own.has(base::sha256("one")));
  EXPECT_FALSE(own.has(base::sha256("two")));
  EXPECT_TRUE(own.nearest(base::sha256("two"), any_vector(), 8, now).empty());
  own.insert(record_of(77, "two"), any_vector());
  EXPECT_EQ(own.nearest(base::sha256("two"), any_vector(), 8, now).size(), 1);
  EXPECT_EQ(own.partitions(), 2);
}

TEST_F(indexed, finds_nothing_past_its_time) {
  index own{width, {}};
  fill(own, 3);
  EXPECT_EQ(own.nearest(base::sha256("one"), any_vector(), 8, now + std::chrono::minutes{59}).size(), 3);
  EXPECT_TRUE(own.nearest(base::sha256("one"), any_vector(), 8, now + std::chrono::hours{1}).empty());
}

TEST_F(indexed, has_one_record_of_an_entry_and_gives_back_what_it_took) {
  index own{width, {}};
  fill(own, 1);
  const auto taken = own.bytes();
  EXPECT_GT(taken, width);
  own.insert(record_of(0), any_vector());
  EXPECT_EQ(own.size(), 1);
  EXPECT_EQ(own.bytes(), taken);
  own.erase(id(0));
  own.erase(id(0));
  EXPECT_EQ(own.size(), 0);
  EXPECT_EQ(own.bytes(), 0);
  EXPECT_EQ(own.partitions(), 0);
}

TEST_F(indexed, erases_what_a_purge_kills) {
  index own{width, {}};
  fill(own, 10);
  own.erase_if([](const record& one) { return one.text < "question 5"; });
  EXPECT_EQ(own.size(), 5);
}

TEST_F(indexed, lets_the_oldest_go_where_there_is_no_room) {
  index probe{width, {}};
  fill(probe, 10);
  index own{width, {.most_bytes = probe.bytes()}};
  for (int i = 10; i < 40; ++i) own.insert(record_of(i), any_vector());
  EXPECT_LE(own.bytes(), probe.bytes());
  const auto found = own.nearest(base::sha256("one"), any_vector(), 50, now);
  EXPECT_GE(found.size(), 8);
  for (const auto& one : found) EXPECT_GE(std::stoi(one.stored->text.substr(9)), 30);
  // A record that comes again is young again.
  for (int round = 0; round < 3'000; ++round) own.insert(record_of(35), any_vector());
  EXPECT_EQ(own.size(), found.size());
}

TEST(packed_vectors, come_back_from_base64_and_refuse_what_is_none) {
  const std::vector<float> vector{0.6F, -0.8F, 0.F};
  const auto packed = pack(vector);
  const auto again = packed_vector::from_base64(packed.to_base64(), 3);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->values, packed.values);
  EXPECT_EQ(again->scale, packed.scale);
  EXPECT_FALSE(packed_vector::from_base64(packed.to_base64(), 4));
  EXPECT_FALSE(packed_vector::from_base64("no base64", 3));
  EXPECT_FALSE(packed_vector::from_base64("", 3));
  EXPECT_EQ(pack(std::vector<float>(3)).values, std::vector<std::int8_t>(3));
}

TEST(packed_vectors, have_the_same_products_of_any_length) {
  std::mt19937 random{3};  // NOLINT: the same each time
  for (const std::size_t n : {1UL, 15UL, 16UL, 63UL, 384UL, 400UL}) {
    std::vector<std::int8_t> one(n);
    std::vector<std::int8_t> other(n);
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      one[i] = static_cast<std::int8_t>(random());
      other[i] = static_cast<std::int8_t>(random());
      sum += one[i] * other[i];
    }
    EXPECT_EQ(dot(one.data(), other.data(), n), sum);
    for (const auto way : dot_functions()) EXPECT_EQ(way(one.data(), other.data(), n), sum);
  }
}

}  // namespace
}  // namespace refrain::semantic

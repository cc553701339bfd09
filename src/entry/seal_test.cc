#include "entry/seal.h"

#include <gtest/gtest.h>

namespace refrain::entry {
namespace {

constexpr seal_place a_meta{.part = sealed_part::meta, .owner = "entry one", .piece = {}};
constexpr seal_place a_body{.part = sealed_part::body, .owner = "entry one", .piece = "fill 1"};
constexpr std::string_view json = R"({"version":1,"query":"What is one plus one?"})";

sealer with(const char* current, const char* previous = "") { return {base::secret{current}, base::secret{previous}}; }

base::errc fault_of(const base::result<std::string>& opened) {
  return opened ? base::errc::internal : opened.error().code;
}

TEST(seal, opens_what_it_sealed) {
  const auto sealer = with("secret");
  for (const std::string& text : {std::string{}, std::string(json), std::string(100'000, 'x')}) {
    EXPECT_EQ(sealer.open(a_meta, sealer.seal(a_meta, text)), text);
    EXPECT_EQ(sealer.open(a_body, sealer.seal(a_body, text)), text);
  }
}

TEST(seal, hides_the_text_and_never_seals_twice_alike) {
  const auto sealer = with("secret");
  const auto once = sealer.seal(a_meta, json);
  EXPECT_EQ(once.find("plus"), std::string::npos);
  EXPECT_NE(once, sealer.seal(a_meta, json));
}

TEST(seal, without_a_secret_passes_through) {
  const sealer none;
  EXPECT_FALSE(none.seals());
  EXPECT_EQ(none.key_id(), "");
  EXPECT_EQ(none.seal(a_meta, json), json);
  EXPECT_EQ(none.open(a_meta, json), std::string(json));
}

TEST(seal, any_plain_body_passes_even_one_that_looks_sealed) {
  const auto body = with("secret").seal(a_body, json);
  EXPECT_EQ(sealer().open(a_body, body), body);
}

TEST(seal, a_node_without_the_secret_knows_a_sealed_meta) {
  const auto sealed = with("secret").seal(a_meta, json);
  EXPECT_EQ(fault_of(sealer().open(a_meta, sealed)), base::errc::sealed_by_another_secret);
  EXPECT_EQ(fault_of(with("other").open(a_meta, sealed)), base::errc::sealed_by_another_secret);
}

TEST(seal, with_a_secret_nothing_plain_is_taken) {
  EXPECT_EQ(fault_of(with("secret").open(a_meta, json)), base::errc::sealed_by_another_secret);
  EXPECT_EQ(fault_of(with("secret").open(a_body, std::string{"bytes"})), base::errc::sealed_by_another_secret);
}

TEST(seal, the_previous_secret_reads_on) {
  const auto old = with("old").seal(a_body, json);
  EXPECT_EQ(with("new", "old").open(a_body, old), std::string(json));
  EXPECT_EQ(with("", "old").open(a_body, old), std::string(json));
  EXPECT_EQ(fault_of(with("new", "older").open(a_body, old)), base::errc::sealed_by_another_secret);
}

TEST(seal, a_value_moved_elsewhere_does_not_open) {
  const auto sealer = with("secret");
  const auto sealed = sealer.seal(a_body, json);
  for (const seal_place& place :
       {seal_place{sealed_part::body, "entry two", "fill 1"}, seal_place{sealed_part::body, "entry one", "fill 2"},
        seal_place{sealed_part::meta, "entry one", "fill 1"}}) {
    EXPECT_EQ(fault_of(sealer.open(place, sealed)), base::errc::store_corrupt);
  }
}

TEST(seal, no_bit_can_be_changed_and_no_byte_cut) {
  const auto sealer = with("secret");
  const auto sealed = sealer.seal(a_meta, json);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(sealer.open(a_meta, changed).has_value()) << i;
    EXPECT_FALSE(sealer.open(a_meta, sealed.substr(0, i)).has_value()) << i;
  }
}

TEST(seal, a_veiled_name_depends_on_the_secret_alone) {
  EXPECT_EQ(sealer().veil("hits"), "hits");
  EXPECT_EQ(with("a").veil("hits"), with("a").veil("hits"));
  EXPECT_NE(with("a").veil("hits"), with("b").veil("hits"));
  EXPECT_NE(with("a").veil("hits"), with("a").veil("miss"));
}

}  // namespace
}  // namespace refrain::entry

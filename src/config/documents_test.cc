// The examples and the reference page: made from the table, never stale, and right to the letter.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "config/secret_file.h"
#include "config/table.h"
#include "support/config/load_fixture.h"

namespace refrain::config {
namespace {

/// A file of the project, by its place beside the sources.
std::string project_file(const std::string& name) {
  const auto root = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
  return base::result<std::string>(read_text_file(root / name, 1 << 20)).value_or("");
}

/// The example with every setting in force: prose begins with "# ", a setting with "#" alone.
std::string uncommented(const std::string& example) {
  std::string text;
  for (auto line : base::split(example, '\n')) {
    if (line.starts_with("# ")) continue;
    if (line.starts_with('#')) line.remove_prefix(1);
    text.append(line).append("\n");
  }
  return text;
}

TEST(documents, in_the_project_are_what_the_table_makes) {
  EXPECT_TRUE(project_file("refrain.example.toml") == example_toml())
      << "make it anew: refrain config --example toml > refrain.example.toml";
  EXPECT_TRUE(project_file(".env.example") == example_dot_env())
      << "make it anew: refrain config --example env > .env.example";
  EXPECT_TRUE(project_file("docs/reference/settings.md") == reference_page())
      << "make it anew: refrain config --reference > docs/reference/settings.md";
}

class examples : public load_fixture {
 protected:
  /// What differs from the built-in defaults.
  std::set<std::string> changed() const {
    std::set<std::string> keys;
    auto plain = load({.variables = {}, .working_directory = from.home, .home = from.home}, {}, {});
    for (const auto& one : must_load().shown) {
      const auto same = std::ranges::find(plain->shown, one.key, &shown_setting::key);
      if (same == plain->shown.end() || same->value != one.value) keys.insert(one.key);
    }
    return keys;
  }
};

TEST_F(examples, load_as_they_stand_and_change_nothing) {
  toml(example_toml());
  dot_env(example_dot_env());
  EXPECT_EQ(changed(), std::set<std::string>{});
  EXPECT_TRUE(must_load().warnings.empty());
}

TEST_F(examples, in_toml_load_with_every_line_in_force) {
  auto text = uncommented(example_toml());
  const std::string_view no_key = "[clients.web]\nkey = \"\"";
  const auto at = text.find(no_key);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, no_key.size(), "[clients.web]\nkey = \"shown-by-web\"");
  toml(text);

  const auto done = must_load();
  EXPECT_EQ(done.values.upstreams.at("my-server").base_url, "http://127.0.0.1:8000/v1");
  for (const auto& row : table()) {
    if (is_named(row)) continue;
    const auto one = std::ranges::find(done.shown, row.key, &shown_setting::key);
    EXPECT_EQ(one->from, source::file) << row.key << " is not in the example";
  }
}

TEST_F(examples, in_dot_env_load_with_every_line_in_force) {
  dot_env(uncommented(example_dot_env()));
  EXPECT_EQ(values().store.url, "redis://127.0.0.1:6379/0");
  EXPECT_EQ(values().server.placeholder_keys, settings{}.server.placeholder_keys);
}

TEST(reference, names_every_setting_and_section) {
  const auto page = reference_page();
  for (const auto& row : table()) {
    EXPECT_NE(page.find("`" + std::string(row.key) + "`"), std::string::npos) << row.key;
    EXPECT_TRUE(std::ranges::any_of(sections(), [&](const auto& each) { return each.name == section_of(row); }))
        << row.key;
    EXPECT_FALSE(row.meaning.ends_with('.')) << row.key;
  }
}

TEST(flag_rows, are_unique_and_lead_to_a_setting) {
  std::set<std::string> names;
  for (const auto& row : flag_rows()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name << " stands twice";
    EXPECT_TRUE(row.name.starts_with("--")) << row.name;
    EXPECT_EQ(row.is_switch, !row.switch_text.empty()) << row.name;
  }
  for (const auto* const fixed :
       {"--listen", "--admin-listen", "--threads", "--no-cache", "--store", "--log-level", "--server-listen",
        "--cache-llm-ttl-quality", "--admin-token-file", "--upstream-openai-base-url"}) {
    EXPECT_TRUE(names.contains(fixed)) << fixed;
  }
}

TEST(values_of_all_rows, read_back_what_they_show) {
  const settings built_in;
  for (const auto& row : table()) {
    if (is_named(row) || row.value.shows != privacy::open) continue;
    for (const auto& text : {row.value.read(built_in, ""), std::string(row.example)}) {
      if (text.empty()) continue;
      settings into;
      ASSERT_TRUE(row.value.write(into, "", text)) << row.key << " = " << text;
      EXPECT_EQ(row.value.read(into, ""), text) << row.key;
    }
  }
}

}  // namespace
}  // namespace refrain::config

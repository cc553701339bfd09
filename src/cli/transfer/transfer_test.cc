// Entries that go from one store to another by way of a file.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "admin/plane.h"
#include "base/text.h"
#include "cli/backend.h"
#include "cli/command.h"
#include "cli/run_task.h"
#include "cli/transfer/line_reader.h"
#include "cli/transfer/progress.h"
#include "cli/transfer/whole_file.h"
#include "store/registry.h"
#include "support/admin/fixtures.h"
#include "support/cli/run_line.h"
#include "support/redis/server.h"

namespace refrain::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;

std::string text_of(const fs::path& file) {
  std::ifstream from{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{from}, {}};
}

entry::entry make(std::string_view seed, entry::cache_type type, std::string body) {
  entry::entry made;
  made.about.id = {.type = type, .digest = base::sha256(seed), .tenant = base::sha256("alice"), .group = {}};
  if (type == entry::cache_type::tts) made.about.id.group = "elevenlabs:Anna";
  made.about.stored_at = base::system_clock().seconds() - 10min;
  made.about.ttl = 1h;
  made.about.fill = "0123456789abcdef";
  made.about.upstream = "openai";
  made.about.endpoint = "chat.completions";
  made.about.model = std::string(seed);
  made.about.tags = {"demo", "first one"};
  made.about.query = "a question of " + std::string(seed);
  made.about.headers = {{"content-type", "text/plain"}};
  made.about.fields = {{.name = "model", .value = base::sha256("m")}};
  made.about.usage.input = 3;
  made.about.cost = entry::micro_usd{1234};
  made.about.size = body.size();
  made.body.emplace_back(std::move(body));
  return made;
}

/// Plain text, a recorded stream, and audio in several pieces of a Redis.
/// The same each time: a second may end between two uses.
std::vector<entry::entry> samples() {
  static const auto made_at = base::system_clock().seconds();
  auto stream = make("stream", entry::cache_type::llm, "data: {\"a\":1}\n\ndata: [DONE]\n\n");
  stream.about.form = entry::wire_form::stream;
  stream.about.usage_asked = true;
  stream.about.marks = {{.what = entry::mark::kind::terminator, .offset = 15, .length = 14}};
  std::string audio(300'000, '\0');
  for (std::size_t i = 0; i < audio.size(); ++i) audio[i] = static_cast<char>(i * 7 + i / 251);
  std::vector<entry::entry> all{make("plain", entry::cache_type::llm, R"({"text":"line\nanother € "})"),
                                std::move(stream), make("audio", entry::cache_type::tts, std::move(audio))};
  for (auto& one : all) one.about.stored_at = made_at - 10min;
  return all;
}

class transfer : public testing::Test {
 protected:
  transfer() {
    std::string name = (fs::temp_directory_path() / "refrain-transfer-XXXXXX").string();
    home_ = ::mkdtemp(name.data());
    ::setenv("XDG_STATE_HOME", home_.c_str(), 1);
    ::setenv("XDG_DATA_HOME", home_.c_str(), 1);
  }
  ~transfer() override {
    for (const auto* const one : {"XDG_STATE_HOME", "XDG_DATA_HOME", "REFRAIN_SECRET"}) ::unsetenv(one);
    fs::remove_all(home_);
  }

  [[nodiscard]] std::string file(std::string_view name) const { return home_ / name; }
  [[nodiscard]] std::string sqlite(std::string_view name) const { return "sqlite:" + file(name); }

  static void fill(const std::string& url, const std::vector<entry::entry>& all) {
    auto store = store::open_store({.url = url}).value();
    for (const auto& one : all) store->put(std::make_shared<const entry::entry>(one));
    store->flush();
  }

  /// That a store holds all of these, to the last byte.
  static void expect_all(const std::string& url, const std::vector<entry::entry>& all) {
    net::loop loop;
    const auto store = store::open_store({.url = url}).value();
    for (const auto& one : all) {
      const auto found = run_task(loop, store->get(one.about.id));
      ASSERT_TRUE(found.has_value() && *found != nullptr) << one.about.model;
      auto about = (*found)->about;
      about.purge_number = one.about.purge_number;
      EXPECT_EQ(about, one.about);
      std::string before;
      std::string after;
      for (const auto& piece : one.body) before.append(piece.view());
      for (const auto& piece : (*found)->body) after.append(piece.view());
      EXPECT_EQ(after, before) << one.about.model;
    }
  }

  /// What an import with --json counted.
  json::value import(std::vector<std::string> words, int code) {
    words.insert(words.begin(), "import");
    words.emplace_back("--json");
    const auto done = run_line(std::move(words));
    EXPECT_EQ(done.code, code) << done.out << done.err;
    return json::parse(done.out);
  }

  fs::path home_;
};

TEST_F(transfer, brings_entries_from_store_to_store_byte_for_byte) {
  const auto all = samples();
  fill(sqlite("a.db"), all);
  const auto out = run_line({"export", file("out.jsonl"), "--store", sqlite("a.db")});
  EXPECT_EQ(out.code, exit_done) << out.err;
  EXPECT_TRUE(out.out.contains("exported 3 entries")) << out.out;
  EXPECT_EQ(std::ranges::count(text_of(file("out.jsonl")), '\n'), 3);

  EXPECT_EQ(import({file("out.jsonl"), "--store", sqlite("b.db")}, exit_done).at("written"), 3);
  expect_all(sqlite("b.db"), all);

  const redis::testing::server redis;
  EXPECT_EQ(import({file("out.jsonl"), "--store", redis.url()}, exit_done).at("written"), 3);
  EXPECT_EQ(run_line({"export", file("redis.jsonl"), "--store", redis.url()}).code, exit_done);
  EXPECT_EQ(import({file("redis.jsonl"), "--store", sqlite("c.db")}, exit_done).at("written"), 3);
  expect_all(sqlite("c.db"), all);
}

TEST_F(transfer, writes_those_that_match_to_standard_output) {
  fill(sqlite("a.db"), samples());
  const auto out = run_line({"export", "--store", sqlite("a.db"), "--type", "tts"});
  EXPECT_EQ(out.code, exit_done);
  EXPECT_EQ(json::parse(base::trim(out.out)).at("meta").at("model"), "audio");
  EXPECT_TRUE(out.err.contains("exported 1 entry")) << out.err;
}

TEST_F(transfer, counts_broken_lines_and_goes_on) {
  fill(sqlite("a.db"), samples());
  run_line({"export", file("out.jsonl"), "--store", sqlite("a.db")});
  const auto good = text_of(file("out.jsonl"));
  std::ofstream{file("mixed.jsonl")} << "\n{half a li\n" << good << R"({"version":9})" << "\n";
  const auto counted = import({file("mixed.jsonl"), "--store", sqlite("b.db")}, exit_failed);
  EXPECT_EQ(counted.at("written"), 3);
  EXPECT_EQ(counted.at("refused"), 2);
  EXPECT_EQ(counted.at("faults").at(0).at("line"), 2);
  EXPECT_EQ(counted.at("faults").at(1).at("line"), 6);
  const auto said = run_line({"import", file("mixed.jsonl"), "--store", sqlite("c.db")});
  EXPECT_TRUE(said.out.contains("line 6: it is of version 9")) << said.out;
}

TEST_F(transfer, refuses_what_was_exported_under_another_secret) {
  fill(sqlite("a.db"), samples());
  run_line({"export", file("out.jsonl"), "--store", sqlite("a.db")});
  std::ofstream{file("secret.toml")} << "[security]\nsecret = \"a secret that is long enough\"\n";
  const auto counted =
      import({file("out.jsonl"), "--config", file("secret.toml"), "--store", sqlite("b.db")}, exit_failed);
  EXPECT_EQ(counted.at("written"), 0);
  EXPECT_EQ(counted.at("refused"), 3);
  EXPECT_TRUE(admin_response{counted}.text("/faults/0/why").contains("without a secret"));
}

TEST_F(transfer, brings_nothing_back_that_was_purged_unless_it_is_asked_to) {
  fill(sqlite("a.db"), samples());
  run_line({"export", file("out.jsonl"), "--store", sqlite("a.db")});
  ASSERT_EQ(run_line({"purge", "--model", "plain", "--store", sqlite("a.db")}).code, exit_done);
  auto counted = import({file("out.jsonl"), "--store", sqlite("a.db")}, exit_done);
  EXPECT_EQ(counted.at("purged"), 1);
  EXPECT_EQ(counted.at("written"), 2);
  counted = import({file("out.jsonl"), "--store", sqlite("a.db"), "--despite-purges"}, exit_done);
  EXPECT_EQ(counted.at("written"), 3);
  expect_all(sqlite("a.db"), samples());
  ASSERT_EQ(run_line({"purge", "--model", "plain", "--store", sqlite("a.db")}).code, exit_done);
  EXPECT_TRUE(run_line({"entries", "list", "--model", "plain", "--store", sqlite("a.db")}).out.contains("no entries"))
      << "a later purge reaches what was imported";
}

TEST_F(transfer, leaves_out_what_has_expired) {
  auto old = make("old", entry::cache_type::llm, "{}");
  old.about.ttl = 9min + 58s;  // so that it is only just kept, to be served stale
  fill(sqlite("a.db"), {old});
  run_line({"export", file("out.jsonl"), "--store", sqlite("a.db")});
  const auto counted = import({file("out.jsonl"), "--store", sqlite("b.db")}, exit_done);
  EXPECT_EQ(counted.at("expired"), 1);
  EXPECT_EQ(counted.at("written"), 0);
}

TEST_F(transfer, goes_through_a_gateway_that_runs) {
  admin::testing::vector_store held;
  admin::testing::scene scene{held};
  scene.clock.advance(base::system_clock().seconds() - scene.clock.seconds());
  auto plane =
      *admin::plane::open(scene.look(), base::secret{"the-token-of-this-test"}, {.host = "127.0.0.1", .port = 0});
  plane->start();
  ::setenv("REFRAIN_ADMIN_TOKEN", "the-token-of-this-test", 1);
  const auto url = "http://" + plane->bound().to_string();

  fill(sqlite("a.db"), samples());
  run_line({"export", file("out.jsonl"), "--store", sqlite("a.db")});
  EXPECT_EQ(import({file("out.jsonl"), "--admin-url", url}, exit_done).at("written"), 3);
  EXPECT_EQ(held.status().entries, 3u);
  EXPECT_EQ(run_line({"export", file("again.jsonl"), "--admin-url", url}).code, exit_done);
  EXPECT_EQ(import({file("again.jsonl"), "--store", sqlite("b.db")}, exit_done).at("written"), 3);
  expect_all(sqlite("b.db"), samples());

  plane.reset();
  const auto nobody = "http://127.0.0.1:" + std::to_string(redis::testing::free_port());
  const auto away = run_line({"export", file("again.jsonl"), "--admin-url", nobody});
  EXPECT_EQ(away.code, exit_failed);
  EXPECT_EQ(std::ranges::count(text_of(file("again.jsonl")), '\n'), 3) << "the whole file of before stays";
  EXPECT_FALSE(fs::exists(file("again.jsonl.tmp")));
  ::unsetenv("REFRAIN_ADMIN_TOKEN");
}

TEST_F(transfer, makes_no_store_where_there_is_nothing_to_read) {
  EXPECT_EQ(run_line({"import", file("none.jsonl"), "--store", sqlite("b.db")}).code, exit_failed);
  EXPECT_FALSE(fs::exists(file("b.db")));
}

TEST_F(transfer, a_file_is_there_whole_or_as_it_was) {
  std::ofstream{file("out")} << "before";
  {
    auto half = whole_file::open(file("out")).value();
    ASSERT_TRUE(half.write("after").has_value());
  }
  EXPECT_EQ(text_of(file("out")), "before");
  auto whole = whole_file::open(file("out")).value();
  ASSERT_TRUE(whole.write("after").has_value());
  ASSERT_TRUE(whole.finish().has_value());
  EXPECT_EQ(text_of(file("out")), "after");
  EXPECT_EQ(fs::status(file("out")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(file("out.tmp")));
  EXPECT_FALSE(whole_file::open(file("no/such/folder")).has_value());
}

TEST(line_reader, gives_each_line_and_none_that_is_too_long) {
  const std::string large(100'000, 'x');
  std::istringstream from{"one\r\n\n" + large + "\n" + large + large + "\nlast"};
  line_reader lines{from, 150'000};
  std::vector<std::pair<std::int64_t, std::size_t>> seen;
  std::vector<std::int64_t> too_long;
  while (const auto one = lines.next()) {
    seen.emplace_back(one->number, one->text.size());
    if (one->too_long) too_long.push_back(one->number);
  }
  EXPECT_EQ(seen, (std::vector<std::pair<std::int64_t, std::size_t>>{{1, 3}, {2, 0}, {3, 100'000}, {4, 0}, {5, 4}}));
  EXPECT_EQ(too_long, std::vector<std::int64_t>{4});
  EXPECT_EQ(lines.read(), from.str().size());
}

TEST(progress_line, has_a_bar_where_the_whole_is_known) {
  EXPECT_EQ(progress_line("exporting", {.entries = 1234, .bytes = 2048}), "exporting  1234 entries, 2 KiB");
  EXPECT_EQ(progress_line("importing", {.entries = 1, .bytes = 10, .share = 0.5}),
            "importing  [############............]  50 %  1 entry, 10 B");
  EXPECT_TRUE(progress_line("importing", {.share = 1.7}).contains("100 %"));
}

}  // namespace
}  // namespace refrain::cli

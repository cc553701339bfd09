/// Many who listen to one clip and read nothing but its beginning: the gateway holds the clip, not a copy for each.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/heap.h"
#include "support/voice.h"

namespace refrain::tests {
namespace {

constexpr std::string_view path = "/v1/audio/speech";
/// What a listener to a clip of a megabyte may cost: a connection and its request, in a build that fences every
/// allocation off.
constexpr std::uint64_t most_each = 128 << 10;
constexpr std::size_t crowd = 200;
/// For answers that are put together anew for each, which such a build takes its time for.
constexpr std::size_t small_crowd = 20;

std::string speech(std::string_view form = "audio") {
  std::string text;
  for (int i = 0; i < 26; ++i) text += "Say it again. ";
  return R"({"model":"gpt-4o-mini-tts","voice":"alloy","response_format":"wav","input":")" + text +
         R"(","stream_format":")" + std::string(form) + "\"}";
}

std::string sarvam_speech() {
  return R"({"inputs":[")" + std::string(200, 'a') + R"(","Once more. )" + std::string(200, 'b') +
         R"("],"target_language_code":"hi-IN","speaker":"ritu"})";
}

class slow_listeners : public voice {
 protected:
  /// One who has read the head, and a little more at most.
  http_client listen(std::string_view to, std::string_view asking, std::string_view outcome) {
    http_client one{at_work.port(), 4096};
    one.ask("POST", to, asking);
    EXPECT_TRUE(one.receive_until("\r\n\r\n").contains("x-refrain-cache: " + std::string(outcome)));
    return one;
  }

  /// The crowd comes: what it costs, for each of them.
  std::uint64_t cost_of_each(std::size_t count, std::string_view to, const std::string& asking,
                             std::string_view outcome) {
    listeners.reserve(count);
    // What they share is there before the others come.
    listeners.push_back(listen(to, asking, outcome));
    const auto before = heap_bytes();
    for (std::size_t i = 1; i < count; ++i) listeners.push_back(listen(to, asking, outcome));
    EXPECT_TRUE(at_work.await_requests(static_cast<unsigned>(count + already_there)));
    const auto after = heap_bytes();
    return after > before ? (after - before) / count : 0;
  }

  std::vector<http_client> listeners;
  std::size_t already_there = 0;
};

TEST_F(slow_listeners, of_a_stored_clip_share_it) {
  const auto clip = client.post(path, speech());
  ASSERT_GT(clip.body.size(), 900'000U);
  EXPECT_LT(cost_of_each(crowd, path, speech(), "HIT"), most_each);
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST_F(slow_listeners, of_a_clip_that_was_recorded_as_events_share_what_was_made_of_it) {
  const auto events = client.post(path, speech("sse"));
  ASSERT_GT(events.body.size(), 900'000U);
  EXPECT_LT(cost_of_each(small_crowd, path, speech(), "HIT"), most_each);
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST_F(slow_listeners, of_a_clip_that_is_being_recorded_share_the_recording) {
  http_client leader{at_work.port(), 4096};
  leader.ask("POST", path, speech(), {{"x-mock-stall", "80"}});
  EXPECT_TRUE(leader.receive_until("\r\n\r\n").contains("x-refrain-cache: MISS"));
  EXPECT_TRUE(gateway::eventually([&] { return at_work.fill_bytes() > 500'000; }));
  already_there = 1;
  EXPECT_LT(cost_of_each(crowd, path, speech(), "COALESCED"), most_each);
  EXPECT_LT(at_work.fill_bytes(), 2'000'000U);
  EXPECT_EQ(at_work.calls(), 1U);
}

TEST_F(slow_listeners, of_clips_that_are_stored_one_by_one_share_the_answer) {
  constexpr std::string_view to = "/sarvam/text-to-speech";
  const auto clips = client.post(to, sarvam_speech());
  ASSERT_GT(clips.body.size(), 900'000U);
  EXPECT_LT(cost_of_each(small_crowd, to, sarvam_speech(), "HIT"), most_each);
  EXPECT_EQ(at_work.calls(), 1U);
}

}  // namespace
}  // namespace refrain::tests

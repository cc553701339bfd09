#include "provider/families/gemini.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

constexpr std::string_view plain_path = "/v1beta/models/gemini-2.5-flash:generateContent";
constexpr std::string_view stream_path = "/v1beta/models/gemini-2.5-flash:streamGenerateContent";
constexpr std::string_view question = R"({"contents":[{"parts":[{"text":"hi"}]}]})";

entry::parsed_request read(std::string_view path, std::string_view query = "", std::string_view body = question) {
  return gemini_content.read({.path = path, .query = query, .body = body});
}

TEST(gemini_requests, say_their_form_by_verb_and_alt) {
  EXPECT_EQ(read(plain_path).form, wire_form::plain);
  EXPECT_EQ(read(plain_path, "alt=json").form, wire_form::plain);
  EXPECT_EQ(read(stream_path).form, wire_form::array);
  EXPECT_EQ(read(stream_path, "alt=json").form, wire_form::array);
  EXPECT_EQ(read(stream_path, "a=b&alt=sse").form, wire_form::stream);
  EXPECT_TRUE(read(stream_path, "alt=sse").wants_usage);
  EXPECT_EQ(read(plain_path).model, "gemini-2.5-flash");
  for (const auto* const query : {"alt=proto", "alt=media", "$alt=json", "%24alt=sse"}) {
    EXPECT_EQ(read(stream_path, query).why_not, uncacheable_reason::malformed_body) << query;
  }
  EXPECT_EQ(read(plain_path, "alt=sse").why_not, uncacheable_reason::malformed_body);
}

TEST(gemini_requests, of_one_content_are_one_whatever_the_form_and_the_credential) {
  const auto parsed = read(plain_path);
  EXPECT_TRUE(parsed.target_in_content);
  EXPECT_EQ(read(stream_path, "alt=sse").content, parsed.content);
  EXPECT_EQ(read(stream_path, "key=AIza-1").content, parsed.content);
  EXPECT_EQ(read(plain_path, "k%65y=AIza-1&access_token=t").content, parsed.content);
  EXPECT_EQ(
      read(plain_path, "", R"({"contents":[{"parts":[{"text":"hi"}]}],"labels":{"a":"b"},"store":false})").content,
      parsed.content);
}

TEST(gemini_requests, with_an_empty_configuration_are_those_without) {
  const auto with = [](std::string_view config) {
    return read(plain_path, "",
                R"({"contents":[{"parts":[{"text":"hi"}]}],"generationConfig":)" + std::string(config) + "}")
        .content;
  };
  EXPECT_EQ(with("{}"), read(plain_path).content);
  EXPECT_NE(with(R"({"seed":1})"), read(plain_path).content);
  EXPECT_NE(with("[]"), read(plain_path).content);
}

TEST(gemini_requests, differ_by_model_version_and_all_else_of_the_query) {
  const auto parsed = read(plain_path);
  EXPECT_NE(read("/v1beta/models/gemini-2.5-pro:generateContent").content, parsed.content);
  EXPECT_NE(read("/v1/models/gemini-2.5-flash:generateContent").content, parsed.content);
  EXPECT_NE(read("/models/gemini-2.5-flash:generateContent").content, parsed.content);
  EXPECT_NE(read(plain_path, "fields=candidates").content, parsed.content);
  EXPECT_NE(read(plain_path, "keys=1").content, parsed.content);
}

/// Google's system parameter `$fields` has a header for a twin (cloud.google.com/apis/docs/system-parameters).
TEST(gemini_requests, that_ask_for_a_part_of_the_answer_are_others) {
  for (const auto* const wire : {&gemini_content, &gemini_count_tokens, &gemini_embeddings}) {
    EXPECT_EQ(std::ranges::count(wire->key_headers(), "x-goog-fieldmask"), 1);
  }
}

TEST(gemini_requests, show_the_last_text_that_is_not_the_models) {
  EXPECT_EQ(read(plain_path, "",
                 R"({"contents":[{"role":"user","parts":[{"text":"one"},{"text":"two"}]},)"
                 R"({"role":"model","parts":[{"text":"three"}]}]})")
                .query,
            "one two");
  EXPECT_EQ(read(plain_path, "", R"({"contents":{"parts":{"text":"alone"}}})").query, "alone");
}

struct request_rule {
  std::string_view name;
  std::string_view more;  ///< members beside the contents
  uncacheable_reason why_not;
};

class gemini_request_rules : public ::testing::TestWithParam<request_rule> {};

TEST_P(gemini_request_rules, hold) {
  const auto body = R"({"contents":[{"parts":[{"text":"hi"}]}],)" + std::string(GetParam().more) + "}";
  EXPECT_EQ(read(plain_path, "", body).why_not, GetParam().why_not);
}

INSTANTIATE_TEST_SUITE_P(
    each, gemini_request_rules,
    ::testing::Values(
        request_rule{"cached_content", R"("cachedContent":"cachedContents/1")", uncacheable_reason::server_state},
        request_rule{"cached_content_in_the_other_spelling", R"("cached_content":"cachedContents/1")",
                     uncacheable_reason::server_state},
        request_rule{"cached_content_in_one_spelling_of_two",
                     R"("cachedContent":null,"cached_content":"cachedContents/1")", uncacheable_reason::server_state},
        request_rule{"no_cached_content", R"("cachedContent":null)", uncacheable_reason::none},
        request_rule{"continuation", R"("generationConfig":{"continuationToken":"AA=="})",
                     uncacheable_reason::server_state},
        request_rule{"file_search", R"("tools":[{"fileSearch":{"fileSearchStoreNames":["fileSearchStores/a"]}}])",
                     uncacheable_reason::server_state},
        request_rule{"mcp_servers", R"("tools":[{"mcpServers":[{"name":"a"}]}])", uncacheable_reason::upstream_effect},
        request_rule{"search_is_of_its_moment", R"("tools":[{"googleSearch":{}},{"urlContext":{}}])",
                     uncacheable_reason::none},
        request_rule{"code_runs_in_a_sandbox", R"("tools":{"codeExecution":{}})", uncacheable_reason::none},
        request_rule{"logged", R"("store":true)", uncacheable_reason::upstream_effect}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(gemini_requests, that_name_a_file_which_the_provider_keeps_are_not_cached) {
  const auto body = [](std::string_view uri) {
    return R"({"contents":[{"parts":[{"text":"hi"},{"fileData":{"fileUri":")" + std::string(uri) + R"("}}]}]})";
  };
  EXPECT_EQ(read(plain_path, "", body("https://generativelanguage.googleapis.com/v1beta/files/abc")).why_not,
            uncacheable_reason::server_state);
  EXPECT_EQ(read(plain_path, "", body("files/abc")).why_not, uncacheable_reason::server_state);
  EXPECT_EQ(read(plain_path, "", body("https://example.com/files/a.pdf")).why_not, uncacheable_reason::none);
}

TEST(gemini_counts, of_what_the_provider_keeps_are_not_cached) {
  const auto why = [](std::string_view body) {
    return gemini_count_tokens.read({.path = "/v1beta/models/m:countTokens", .query = {}, .body = body}).why_not;
  };
  EXPECT_EQ(why(question), uncacheable_reason::none);
  for (const auto* const name : {"cachedContent", "cached_content"}) {
    EXPECT_EQ(why(R"({"generateContentRequest":{"contents":[],")" + std::string(name) + R"(":"cachedContents/1"}})"),
              uncacheable_reason::server_state);
  }
}

TEST(gemini_requests, that_are_not_understood_are_the_upstreams) {
  for (const auto* const body : {"{}", "[]", R"({"contents":"hi"})", "", "x"}) {
    EXPECT_EQ(read(plain_path, "", body).why_not, uncacheable_reason::malformed_body) << body;
  }
}

/// A stream of chunks, each a candidate's parts; the last one ends it.
std::string stream_of(const std::vector<std::string>& parts) {
  std::string stream;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    stream += R"(data: {"candidates":[{"content":{"role":"model","parts":[)" + parts[i] + "]}" +
              (i + 1 == parts.size() ? R"(,"finishReason":"STOP")" : "") + "}]}\r\n\r\n";
  }
  return stream;
}

base::result<rendering> merged(const std::vector<std::string>& parts) {
  return gemini_content.render({.form = wire_form::stream, .body = stream_of(parts)}, wire_form::plain, true);
}

/// The parts of the plain answer that the chunks make.
std::string parts_of(const std::vector<std::string>& parts) {
  const auto made = merged(parts);
  if (!made) return made.error().to_string();
  return boost::json::serialize(boost::json::parse(made->body).at_pointer("/candidates/0/content/parts"));
}

TEST(gemini_streams, join_texts_where_they_were_cut_and_nowhere_else) {
  EXPECT_EQ(parts_of({R"({"text":"a"})", R"({"text":"b"})"}), R"([{"text":"ab"}])");
  EXPECT_EQ(parts_of({R"({"text":"a"},{"text":"b"})", R"({"text":"c"},{"text":"d"})"}),
            R"([{"text":"a"},{"text":"bc"},{"text":"d"}])");
  EXPECT_EQ(parts_of({R"({"text":"a","thought":true})", R"({"text":"b","thought":true})", R"({"text":"c"})"}),
            R"([{"text":"ab","thought":true},{"text":"c"}])");
  EXPECT_EQ(parts_of({R"({"text":"a"})", R"({"text":"","thoughtSignature":"AA=="})", R"({"text":"b"})"}),
            R"([{"text":"a"},{"text":"","thoughtSignature":"AA=="},{"text":"b"}])");
  EXPECT_EQ(parts_of({R"({"functionCall":{"name":"f"}})", R"({"functionCall":{"name":"f"}})"}),
            R"([{"functionCall":{"name":"f"}},{"functionCall":{"name":"f"}}])");
}

TEST(gemini_streams, join_raw_sound_and_not_what_is_encoded) {
  const auto sound = [](std::string_view type, std::string_view data) {
    return R"({"inlineData":{"mimeType":")" + std::string(type) + R"(","data":")" + std::string(data) + R"("}})";
  };
  EXPECT_EQ(parts_of({sound("audio/L16;rate=24000", "AAECAw=="), sound("audio/L16;rate=24000", "BAU=")}),
            R"([{"inlineData":{"mimeType":"audio/L16;rate=24000","data":"AAECAwQF"}}])");
  EXPECT_FALSE(merged({sound("audio/mpeg", "AAEC"), sound("audio/mpeg", "AAEC")}));
  EXPECT_FALSE(merged({sound("audio/L16", "AAE"), sound("audio/L16", "AAEC")}));
  EXPECT_TRUE(merged({sound("image/png", "AAEC"), sound("image/png", "AAEC")}));
}

TEST(gemini_streams, made_of_a_plain_answer_hold_a_few_words_each) {
  const std::string plain =
      R"({"candidates":[{"content":{"parts":[{"text":"The capital of Norway is Oslo."}],"role":"model"},)"
      R"("finishReason":"STOP"}],"modelVersion":"m"})";
  const auto stream = testing::split(gemini_content, plain);
  ASSERT_TRUE(stream);
  EXPECT_EQ(*stream, R"(data: {"candidates":[{"content":{"parts":[{"text":"The capital of Norway"}],"role":"model"}}],)"
                     R"("modelVersion":"m"})"
                     "\r\n\r\n"
                     R"(data: {"candidates":[{"content":{"parts":[{"text":" is Oslo."}],"role":"model"},)"
                     R"("finishReason":"STOP"}],"modelVersion":"m"})"
                     "\r\n\r\n");
  EXPECT_EQ(boost::json::parse(*testing::merge(gemini_content, *stream)), boost::json::parse(plain));
}

TEST(gemini_streams, of_which_one_chunk_says_anew_what_is_not_known_stay_streams) {
  const auto chunk = [](std::string_view more) {
    return R"(data: {"candidates":[{)" + std::string{more} + "}]}\r\n\r\n";
  };
  EXPECT_FALSE(testing::merge(gemini_content, chunk(R"("never":1)") + chunk(R"("never":2)")));
  EXPECT_TRUE(testing::merge(gemini_content, chunk(R"("never":1)") + chunk(R"("never":1)")));
}

TEST(gemini_streams, of_calls_in_pieces_cannot_become_plain) {
  const auto made = merged({R"({"functionCall":{"name":"f","willContinue":true}})",
                            R"({"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"x"}]}})"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, base::errc::not_found);
}

TEST(gemini_answers, are_whole_only_where_every_candidate_has_ended) {
  const auto judged = [](std::string_view reason) {
    return testing::read_at_once(gemini_content, wire_form::plain,
                                 R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"},)"
                                 R"({"index":1,"content":{"parts":[{"text":"b"}]})" +
                                     std::string(reason) + "}]}")
        .why_not;
  };
  EXPECT_EQ(judged(""), uncacheable_reason::unfinished_choice);
  EXPECT_EQ(judged(R"(,"finishReason":"STOP")"), uncacheable_reason::none);
  EXPECT_EQ(judged(R"(,"finishReason":"MAX_TOKENS")"), uncacheable_reason::none);
  EXPECT_EQ(judged(R"(,"finishReason":7)"), uncacheable_reason::malformed_answer);
  for (const auto* const reason : {"SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII"}) {
    EXPECT_EQ(judged(std::string(R"(,"finishReason":")") + reason + '"'), uncacheable_reason::content_filter) << reason;
  }
  for (const auto* const reason : {"OTHER", "MALFORMED_FUNCTION_CALL", "CONTINUATION", "NEVER_HEARD_OF"}) {
    EXPECT_EQ(judged(std::string(R"(,"finishReason":")") + reason + '"'), uncacheable_reason::unfinished_choice)
        << reason;
  }
}

/// Nothing ends a stream of Gemini's but the connection: that a candidate has finished is all that tells.
TEST(gemini_answers, that_end_before_their_candidate_does_are_not_stored_in_any_form) {
  const std::string first = R"({"candidates":[{"content":{"parts":[{"text":"a"}]}}]})";
  const std::string last = R"({"candidates":[{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]})";
  const auto judged = [](wire_form form, const std::string& body) {
    return testing::read_at_once(gemini_content, form, body).why_not;
  };
  EXPECT_EQ(judged(wire_form::plain, first), uncacheable_reason::unfinished_choice);
  EXPECT_EQ(judged(wire_form::plain, last), uncacheable_reason::none);
  EXPECT_EQ(judged(wire_form::array, "[" + first), uncacheable_reason::malformed_answer);
  EXPECT_EQ(judged(wire_form::array, "[" + first + "]"), uncacheable_reason::unfinished_choice);
  EXPECT_EQ(judged(wire_form::array, "[" + first + ",\n" + last + "]"), uncacheable_reason::none);
  const auto events = [](const std::string& one) { return "data: " + one + "\r\n\r\n"; };
  EXPECT_EQ(judged(wire_form::stream, events(first)), uncacheable_reason::unfinished_choice);
  EXPECT_EQ(judged(wire_form::stream, events(first) + "data: " + last), uncacheable_reason::truncated);
  EXPECT_EQ(judged(wire_form::stream, events(first) + events(last)), uncacheable_reason::none);
}

TEST(gemini_answers, count_thoughts_as_output_and_what_tools_brought_as_input) {
  const auto judged = testing::read_at_once(
      gemini_content, wire_form::plain,
      R"({"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}],"usageMetadata":{)"
      R"("promptTokenCount":10,"toolUsePromptTokenCount":5,"cachedContentTokenCount":4,"candidatesTokenCount":3,)"
      R"("thoughtsTokenCount":7,"totalTokenCount":25}})");
  EXPECT_EQ(judged.usage, (entry::token_usage{.input = 15, .cached_input = 4, .output = 10}));
}

}  // namespace
}  // namespace refrain::provider

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/base64.h"
#include "base/text.h"
#include "provider/families/sarvam.h"
#include "provider/rules/audio_container.h"
#include "provider/rules/batch.h"
#include "provider/rules/dialect.h"
#include "provider/rules/json_request.h"
#include "provider/rules/speech.h"

namespace refrain::provider {
namespace {

/// One thing under two names: SDKs differ in which of them they send.
constexpr std::array<std::string_view, 2> language_names{"language_code", "target_language_code"};
constexpr std::array<std::string_view, 2> text_names{"text", "inputs"};
/// What the two endpoints differ in.
struct speech_rules {
  std::string_view usual_codec;  ///< where none is stated
  bool takes_inputs = false;     ///< a list of texts as well
};

constexpr speech_rules plain_rules{.usual_codec = "wav", .takes_inputs = true};
constexpr speech_rules stream_rules{.usual_codec = "mp3"};

constexpr std::string_view voice_unless_stated = "default";

constexpr std::array denylist{
    unkeyed_member{"enable_cached_responses", "whether the provider may answer from a cache of its own"},
    unkeyed_member{"inputs", "keyed text by text"},
    unkeyed_member{"language_code", "keyed under one name for both"},
    unkeyed_member{"target_language_code", "keyed under one name for both"},
    unkeyed_member{"text", "keyed as a list of one"},
};

/// What the reference says holds where a member is absent; the codec's depends on the endpoint. Model and speaker are
/// left alone: the endpoints differ in theirs.
constexpr std::array defaults{
    stated_default{"output_audio_codec", json_kind::string},
    stated_default{"enable_preprocessing", json_kind::no},
    stated_default{"loudness", json_kind::number, "1e0"},
    stated_default{"output_audio_bitrate", json_kind::string, "128k"},
    stated_default{"pace", json_kind::number, "1e0"},
    stated_default{"pitch", json_kind::number, "0"},
    stated_default{"speech_sample_rate", json_kind::number, "2205e1"},
    stated_default{"temperature", json_kind::number, "6e-1"},
};

/// Those of some members that the body has.
std::vector<canonical_member> present(const canonical_value& body, std::span<const std::string_view> names) {
  std::vector<canonical_member> found;
  for (const auto name : names) {
    if (const auto value = body.find(name)) found.push_back({name, *value});
  }
  return found;
}

/// All texts; none where there are none, or what is no text among them.
std::vector<std::string_view> texts_in(const canonical_member& spoken) {
  std::vector<std::string_view> texts;
  if (spoken.name == text_names[0]) {
    texts.push_back(spoken.value.string().value_or(""));
  } else {
    for (auto left = spoken.value.elements(); const auto one = left.next();) {
      texts.push_back(one->string().value_or(""));
    }
  }
  if (std::ranges::find(texts, std::string_view{}) != texts.end()) texts.clear();
  return texts;
}

base::digest256 content_of(const base::digest256& rest, std::span<const std::string_view> texts) {
  base::digest_input whole;
  whole.add('b', rest);
  for (const auto text : texts) whole.add('t', text);
  return base::sha256(whole.view());
}

/// Reads what is keyed; `content` is then that of all but the texts.
void digest_all(const canonical_value& body, const speech_rules& rules, entry::parsed_request& parsed) {
  auto with_codec = defaults;
  with_codec[0].value = rules.usual_codec;
  digest_members(body, denylist, parsed, with_codec);
  for (const auto& [name, language] : present(body, language_names)) {
    if (is_ignored(parsed, name)) continue;
    digest_also(language_names[0], language.bytes(), parsed);
    parsed.fields.back().name = name;
  }
  for (const auto& [name, spoken] : present(body, text_names)) {
    parsed.fields.push_back({.name = std::string(name), .value = base::sha256(spoken.bytes())});
  }
}

template <const speech_rules& Rules>
uncacheable_reason read_body(const canonical_value& body, entry::parsed_request& parsed) {
  const auto spoken = present(body, text_names);
  // Two at once: which of them counts is the provider's to say.
  const bool is_clear = spoken.size() == 1 && present(body, language_names).size() <= 1;
  if (!is_clear || (!Rules.takes_inputs && spoken[0].name != text_names[0])) return uncacheable_reason::malformed_body;
  const auto texts = texts_in(spoken[0]);
  if (texts.empty()) return uncacheable_reason::malformed_body;

  describe_speech({.provider = "sarvam",
                   .voice = body.text("speaker", voice_unless_stated),
                   .codec = body.text("output_audio_codec", Rules.usual_codec),
                   .model = body.text("model"),
                   .text = texts[0]},
                  parsed);
  digest_all(body, Rules, parsed);
  parsed.characters = 0;
  for (const auto& text : texts) {
    const auto characters = base::count_code_points(text);
    *parsed.characters += characters;
    parsed.list.items.push_back(
        {.content = content_of(parsed.content, {&text, 1}), .query = shown_text(text), .characters = characters});
  }
  parsed.content = content_of(parsed.content, texts);
  return uncacheable_reason::none;
}

constexpr list_rules lists{.asked = "inputs", .answered = "audios"};
constexpr batch items{lists};

uncacheable_reason judge(const canonical_value& answer, entry::token_usage& /*used*/) {
  return judge_each(answer.find("audios"), [](const canonical_value& one) {
    const auto audio = one.string() ? base::base64_decode(*one.string()) : std::nullopt;
    if (!audio) return uncacheable_reason::malformed_answer;
    return audio->empty() ? uncacheable_reason::empty_answer : judge_audio(*audio).why_not;
  });
}

constexpr std::array<std::string_view, 3> needed_to_translate{"input", "source_language_code", "target_language_code"};

uncacheable_reason read_translation(const canonical_value& body, entry::parsed_request& parsed) {
  if (std::ranges::any_of(needed_to_translate, [&](std::string_view name) { return body.text(name).empty(); })) {
    return uncacheable_reason::malformed_body;
  }
  parsed.group = "sarvam";
  parsed.model = body.text("model");
  parsed.query = shown_text(*body.find("input"));
  digest_members(body, {}, parsed);
  return uncacheable_reason::none;
}

uncacheable_reason judge_translation(const canonical_value& answer, entry::token_usage& /*used*/) {
  const auto text = answer.find("translated_text");
  if (!text || !text->string()) return uncacheable_reason::malformed_answer;
  return text->holds_something() ? uncacheable_reason::none : uncacheable_reason::empty_answer;
}

}  // namespace

constinit const dialect sarvam_speech{{
    .read = read_json<read_body<plain_rules>>,
    .judge = judge,
    .items = &items,
}};

constinit const dialect sarvam_speech_stream{{
    .read = read_json<read_body<stream_rules>>,
    .is_audio = true,
}};

constinit const dialect sarvam_translate{{
    .read = read_json<read_translation>,
    .judge = judge_translation,
}};

}  // namespace refrain::provider

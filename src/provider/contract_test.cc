/// What every cached endpoint keeps to, tried on each row of the registry with the golden files of its folder:
/// tests/golden/<family>_<name with underscores>/ holds requests as `<case>.request.json` or, for a form,
/// `<case>.request.multipart` with `<case>.request.type`, with `<case>.request.target` where the path of the row does
/// not say it all; and answers as `<case>.<form>.<kind>`, such as `.plain.json`, `.plain.audio`, `.stream.sse`,
/// `.stream.jsonl`, `.array.json`, `.timed_stream.jsonl`. `refused/<reason>.*` holds answers that must not be stored,
/// named after the reason.

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "provider/registry.h"
#include "support/provider/reading.h"

namespace refrain::provider {
namespace {

namespace json = boost::json;
using testing::golden_answer;
using testing::golden_request;
using testing::random_source;

std::string folder_name(const endpoint_row& row) {
  std::string name = std::string{row.family} + "_" + std::string{row.name};
  std::ranges::replace(name, '.', '_');
  return name;
}

std::vector<const endpoint_row*> all_rows() {
  std::vector<const endpoint_row*> rows;
  for (const auto& row : endpoints()) {
    // Other paths to one dialect need no files of their own.
    const bool seen = std::ranges::any_of(rows, [&](const auto* one) {
      return &one->wire == &row.wire && (one->family != row.family || one->name == row.name);
    });
    if (!seen) rows.push_back(&row);
  }
  return rows;
}

class contract : public ::testing::TestWithParam<const endpoint_row*> {
 protected:
  const dialect& wire = GetParam()->wire;
  const std::filesystem::path folder = testing::golden_folder() / folder_name(*GetParam());
  const std::vector<golden_answer> good = testing::golden_answers(folder);
  const std::vector<golden_answer> refused = testing::golden_answers(folder / "refused");

  const std::vector<golden_request> requests = testing::golden_requests(folder);

  [[nodiscard]] std::vector<golden_request> json_requests() const {
    std::vector<golden_request> some;
    std::ranges::copy_if(requests, std::back_inserter(some), &golden_request::is_json);
    return some;
  }

  [[nodiscard]] entry::parsed_request read(const golden_request& one) const {
    const std::string_view target = one.target.empty() ? GetParam()->path : std::string_view{one.target};
    const auto mark = std::min(target.find('?'), target.size());
    return wire.read({.path = target.substr(0, mark),
                      .query = target.substr(std::min(mark + 1, target.size())),
                      .body = one.body,
                      .content_type = one.content_type});
  }

  /// With another body.
  [[nodiscard]] entry::parsed_request read(golden_request one, std::string body) const {
    one.body = std::move(body);
    return read(one);
  }
};

INSTANTIATE_TEST_SUITE_P(each, contract, ::testing::ValuesIn(all_rows()),
                         [](const auto& one) { return folder_name(*one.param); });

TEST_P(contract, has_golden_files) {
  EXPECT_FALSE(good.empty());
  EXPECT_FALSE(refused.empty());
  EXPECT_FALSE(requests.empty());
}

TEST_P(contract, good_answers_are_stored_and_marks_lie_in_order) {
  for (const auto& answer : good) {
    const auto judged = testing::read_at_once(wire, answer.form, answer.body);
    EXPECT_EQ(judged.why_not, uncacheable_reason::none) << answer.name << ": " << to_string(judged.why_not);
    std::uint64_t end = 0;
    for (const auto& mark : judged.marks) {
      EXPECT_GE(mark.offset, end);
      end = mark.offset + mark.length;
    }
    EXPECT_LE(end, answer.body.size());
  }
}

TEST_P(contract, refused_answers_are_refused_for_their_reason) {
  for (const auto& answer : refused) {
    EXPECT_EQ(to_string(testing::read_at_once(wire, answer.form, answer.body).why_not), answer.name);
  }
}

void expect_equal(const verdict& cut, const verdict& whole, std::string_view name) {
  EXPECT_EQ(cut.why_not, whole.why_not) << name;
  EXPECT_EQ(cut.usage, whole.usage) << name;
  EXPECT_EQ(cut.marks, whole.marks) << name;
}

TEST_P(contract, verdict_does_not_depend_on_where_the_bytes_were_cut) {
  random_source random{11};
  auto answers = good;
  answers.insert(answers.end(), refused.begin(), refused.end());
  for (const auto& [name, form, body, tells_its_end, is_lines] : answers) {
    const auto whole = testing::read_at_once(wire, form, body);
    std::vector<std::size_t> every;
    for (std::size_t cut = 1; cut < body.size(); ++cut) every.push_back(cut);
    expect_equal(testing::read_in_pieces(wire, form, body, every), whole, name);
    for (int round = 0; round < 60; ++round) {
      std::vector<std::size_t> some;
      std::ranges::sample(every, std::back_inserter(some), 1 + testing::pick(random, 6), random);
      expect_equal(testing::read_in_pieces(wire, form, body, some), whole, name);
    }
  }
}

TEST_P(contract, an_answer_cut_at_any_byte_is_never_stored) {
  for (const auto& [name, form, body, tells_its_end, is_lines] : good) {
    if (!tells_its_end) continue;
    // The carriage return of a line's end is one already; so is `[DONE]`, with or without its line's end.
    constexpr std::string_view done = "[DONE]";
    const auto at = body.rfind(done);
    auto end = body.ends_with("\r\n") ? body.size() - 1 : body.size();
    if (at != std::string::npos && body.find_first_not_of("\r\n", at + done.size()) == std::string::npos) {
      end = at + done.size();
    }
    for (std::size_t size = 0; size < end; ++size) {
      if (is_lines && size > 0 && (body[size - 1] == '\n' || body[size] == '\n')) continue;
      const auto judged = testing::read_at_once(wire, form, std::string_view{body}.substr(0, size));
      // Where its framing alone tells the end, it was not cut there.
      ASSERT_TRUE(judged.why_not != uncacheable_reason::none || judged.by_framing) << name << " cut at " << size;
    }
  }
}

TEST_P(contract, golden_requests_are_cached) {
  for (const auto& one : requests) EXPECT_EQ(read(one).why_not, uncacheable_reason::none) << one.body;
}

/// Each member and parameter has its digest in the entry.
TEST_P(contract, requests_with_more_members_or_parameters_than_can_be_meant_are_not_cached) {
  for (const auto& one : json_requests()) {
    auto body = json::parse(one.body).as_object();
    std::string parameters;
    for (int i = 0; i < 300; ++i) {
      body["x" + std::to_string(i)] = i;
      parameters += "&x" + std::to_string(i);
    }
    EXPECT_NE(read(one, json::serialize(body)).why_not, uncacheable_reason::none);
    auto asking = one;
    if (asking.target.empty()) asking.target = GetParam()->path;
    asking.target += (asking.target.contains('?') ? "" : "?") + parameters;
    EXPECT_LE(read(asking).fields.size(), 256U);
  }
}

/// So that a directive to have an entry refreshed reaches the entry that other requests are served from.
TEST_P(contract, directives_to_the_cache_that_are_heard_are_not_keyed) {
  for (const auto& one : json_requests()) {
    auto body = json::parse(one.body).as_object();
    body["cache"] = {{"no-cache", true}};
    const auto wishing = read(one, json::serialize(body));
    if (wishing.directives.present) EXPECT_EQ(wishing.content, read(one).content) << one.body;
  }
}

TEST_P(contract, facts_do_not_depend_on_how_a_request_is_spelt) {
  random_source random{12};
  for (const auto& one : json_requests()) {
    const auto parsed = read(one);
    const auto value = json::parse(one.body);
    for (int round = 0; round < 100; ++round) {
      const auto other = testing::respell(value, random);
      ASSERT_EQ(read(one, other), parsed) << other;
    }
  }
}

/// Another value of the same type; of null, false.
void change(json::value& leaf) {
  switch (leaf.kind()) {
    case json::kind::string: leaf.as_string().push_back('~'); break;
    case json::kind::bool_: leaf = !leaf.as_bool(); break;
    case json::kind::null: leaf = false; break;
    default: leaf = leaf.to_number<double>() + 1; break;
  }
}

void collect_leaves(json::value& value, std::vector<json::value*>& leaves) {
  if (auto* const object = value.if_object()) {
    for (auto& member : *object) collect_leaves(member.value(), leaves);
  } else if (auto* const array = value.if_array()) {
    for (auto& element : *array) collect_leaves(element, leaves);
  } else {
    leaves.push_back(&value);
  }
}

TEST_P(contract, every_value_under_a_keyed_member_changes_the_key_and_no_other_does) {
  for (const auto& one : json_requests()) {
    const auto parsed = read(one);
    json::value value = json::parse(one.body);
    for (auto& member : value.as_object()) {
      const bool keyed = std::ranges::find(parsed.fields, std::string{member.key()}, &entry::field_digest::name) !=
                         parsed.fields.end();
      std::vector<json::value*> leaves;
      collect_leaves(member.value(), leaves);
      for (auto* const leaf : leaves) {
        const json::value kept = *leaf;
        change(*leaf);
        EXPECT_EQ(read(one, json::serialize(value)).content != parsed.content, keyed) << json::serialize(value);
        *leaf = kept;
      }
    }
  }
}

TEST_P(contract, a_member_that_nobody_knows_is_keyed) {
  for (const auto& one : json_requests()) {
    json::value value = json::parse(one.body);
    value.as_object()["never_heard_of"] = nullptr;
    EXPECT_NE(read(one, json::serialize(value)).content, read(one).content);
  }
}

using form_part = testing::form_part;

/// Those of one name first, all else in its order.
std::vector<form_part> with_first(const std::vector<form_part>& parts, std::string_view name) {
  std::vector<form_part> moved;
  std::ranges::copy_if(parts, std::back_inserter(moved), [&](const form_part& one) { return one.name == name; });
  std::ranges::copy_if(parts, std::back_inserter(moved), [&](const form_part& one) { return one.name != name; });
  return moved;
}

TEST_P(contract, facts_depend_neither_on_the_boundary_of_a_form_nor_on_file_names_and_the_order_of_names) {
  for (const auto& one : requests) {
    const auto parsed = read(one);
    const auto parts = testing::form_parts(one.body, one.content_type);
    for (const auto& part : parts) {
      auto other = one;
      other.body = testing::form_of(with_first(parts, part.name), "=other", "other.bin");
      other.content_type = "Multipart/Form-Data; Boundary=\"=other\"";
      EXPECT_EQ(read(other), parsed) << part.name;
    }
  }
}

TEST_P(contract, every_keyed_part_of_a_form_changes_the_key_and_no_other_does) {
  const auto content_of = [this](const std::vector<form_part>& parts) {
    const auto parsed =
        read({.body = testing::form_of(parts, "edge", "a"), .content_type = "multipart/form-data; boundary=edge"});
    EXPECT_EQ(parsed.why_not, uncacheable_reason::none);
    return parsed.content;
  };
  for (const auto& one : requests) {
    auto parts = testing::form_parts(one.body, one.content_type);
    if (parts.empty()) continue;
    const auto parsed = read(one);
    for (auto& part : parts) {
      const bool keyed = std::ranges::find(parsed.fields, part.name, &entry::field_digest::name) != parsed.fields.end();
      const auto kept = part;
      part.bytes = part.bytes == "true" ? "false" : part.bytes + '~';
      EXPECT_EQ(content_of(parts) != parsed.content, keyed) << part.name;
      part = kept;
      part.type.append("x/x");
      EXPECT_EQ(content_of(parts) != parsed.content, keyed) << part.name;
      part = kept;
    }
    parts.push_back({.name = "never_heard_of"});
    EXPECT_NE(content_of(parts), parsed.content);
  }
}

/// An answer in another form; empty with a failed test where there is none.
std::string turned(const dialect& wire, wire_form form, std::string_view body, wire_form wanted) {
  const auto judged = testing::read_at_once(wire, form, body);
  const auto made = wire.render({.form = form, .body = body, .marks = judged.marks}, wanted, true);
  EXPECT_TRUE(made) << (made ? "" : made.error().to_string());
  return made ? made->body : std::string{};
}

/// The forms beside the plain one in which there are answers on file.
std::set<wire_form> forms_of(const std::vector<golden_answer>& answers) {
  std::set<wire_form> forms;
  for (const auto& one : answers) forms.insert(one.form);
  forms.erase(wire_form::plain);
  return forms;
}

TEST_P(contract, a_plain_answer_survives_the_trip_through_every_other_form) {
  for (const auto& answer : good) {
    if (answer.form != wire_form::plain || !answer.tells_its_end) continue;
    for (const auto form : forms_of(good)) {
      if (!wire.can_serve(answer.form, true, form, true)) continue;
      const auto other = turned(wire, wire_form::plain, answer.body, form);
      const auto judged = testing::read_at_once(wire, form, other);
      EXPECT_EQ(judged.why_not, uncacheable_reason::none) << answer.name;
      EXPECT_EQ(judged.usage, testing::read_at_once(wire, wire_form::plain, answer.body).usage) << answer.name;
      EXPECT_EQ(json::parse(turned(wire, form, other, wire_form::plain)), json::parse(answer.body)) << answer.name;
    }
  }
}

TEST_P(contract, every_other_form_gives_the_plain_answer_of_its_case) {
  for (const auto& other : good) {
    if (other.form == wire_form::plain || !wire.can_serve(other.form, true, wire_form::plain, true)) continue;
    const auto plain = std::ranges::find_if(
        good, [&](const golden_answer& one) { return one.name == other.name && one.form == wire_form::plain; });
    ASSERT_NE(plain, good.end()) << other.name;
    const auto made = turned(wire, other.form, other.body, wire_form::plain);
    if (!plain->tells_its_end) {
      EXPECT_TRUE(made == plain->body) << other.name;
    } else {
      EXPECT_EQ(json::parse(made), json::parse(plain->body)) << other.name;
    }
  }
}

TEST_P(contract, what_a_form_serves_is_what_the_case_holds_in_that_form) {
  const auto turn = [this](const golden_answer& from, wire_form wanted) {
    const auto turned = wire.render({.form = from.form, .body = from.body, .marks = {}, .suffix = "mp3"}, wanted, true);
    EXPECT_TRUE(turned) << from.name << (turned ? "" : turned.error().to_string());
    return turned ? turned->body : std::string{};
  };
  for (const auto& from : good) {
    for (const auto& to : good) {
      if (from.name != to.name || from.form == to.form || !wire.can_serve(from.form, true, to.form, true)) continue;
      const auto turned = turn(from, to.form);
      EXPECT_EQ(testing::read_at_once(wire, to.form, turned).why_not, uncacheable_reason::none) << from.name;
      if (!to.tells_its_end) EXPECT_TRUE(turned == to.body) << from.name;
      if (to.form == wire_form::timed) EXPECT_EQ(json::parse(turned), json::parse(to.body)) << from.name;
      if (to.is_lines) {
        const auto back = turn({.name = from.name, .form = to.form, .body = turned}, from.form);
        EXPECT_EQ(json::parse(back), json::parse(from.body)) << from.name;
      }
    }
  }
}

TEST_P(contract, a_request_without_directives_is_forwarded_to_the_letter) {
  for (const auto& one : requests) {
    const auto parsed = read(one);
    if (!parsed.directives.present) EXPECT_EQ(wire.forward_body(one.body, parsed, false), one.body);
  }
}

}  // namespace
}  // namespace refrain::provider

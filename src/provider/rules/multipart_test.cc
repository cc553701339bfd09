#include "provider/rules/multipart.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain::provider {
namespace {

constexpr std::string_view type = "multipart/form-data; boundary=edge";

/// A part as it stands in a body, up to the line end before the next boundary.
std::string part(std::string_view head, std::string_view content) {
  return "--edge\r\n" + std::string{head} + "\r\n\r\n" + std::string{content} + "\r\n";
}

std::string field(std::string_view name, std::string_view content) {
  return part(R"(Content-Disposition: form-data; name=")" + std::string{name} + '"', content);
}

const std::string end = "--edge--\r\n";

TEST(multipart, gives_the_parts_in_their_order) {
  const std::string body =
      field("model", "whisper-1") +
      part("Content-Disposition: form-data; name=\"file\"; filename=\"a b.wav\"\r\nContent-Type: audio/wav",
           "RIFF\r\n\r\n--edg\r\n-edge\n") +
      field("model", "") + end;
  const auto parts = read_multipart(type, body);
  ASSERT_TRUE(parts);
  EXPECT_EQ(*parts, (std::vector<multipart_part>{
                        {.name = "model", .type = "", .bytes = "whisper-1"},
                        {.name = "file", .is_file = true, .type = "audio/wav", .bytes = "RIFF\r\n\r\n--edg\r\n-edge\n"},
                        {.name = "model", .type = "", .bytes = ""}}));
}

struct spelling {
  std::string_view name;
  std::string body;
  bool is_read;
};

class multipart_bodies : public testing::TestWithParam<spelling> {};

TEST_P(multipart_bodies, are_read_where_they_say_one_thing_only) {
  EXPECT_EQ(read_multipart(type, GetParam().body).has_value(), GetParam().is_read);
}

std::string with_head(std::string_view head) { return part(head, "x") + end; }

std::string disposition(std::string_view parameters) {
  return with_head("Content-Disposition: form-data" + std::string{parameters});
}

INSTANTIATE_TEST_SUITE_P(
    each, multipart_bodies,
    testing::Values(
        spelling{"usual", field("a", "x") + end, true},
        spelling{"no_last_line_end", field("a", "x") + "--edge--", true},
        spelling{"any_case", with_head("content-DISPOSITION:form-data;NAME=\"a\""), true},
        spelling{"extended_file_name", disposition("; name=\"a\"; filename=\"b\"; filename*=UTF-8''b"), true},
        spelling{"empty_file_name", disposition("; name=\"a\"; filename=\"\""), true},
        spelling{"name_in_utf8", disposition("; name=\"\xc3\xa9\""), true},
        spelling{"right_length", with_head("Content-Disposition: form-data; name=\"a\"\r\nContent-Length: 1"), true},
        spelling{"binary", with_head("Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: Binary"),
                 true},
        spelling{"nothing", "", false}, spelling{"no_part", end, false},
        spelling{"preamble", "\r\n" + field("a", "x") + end, false},
        spelling{"epilogue", field("a", "x") + end + "x", false},
        spelling{"two_line_ends_after_all", field("a", "x") + end + "\r\n", false},
        spelling{"cut_in_the_content", field("a", "x"), false},
        spelling{"cut_in_the_end", field("a", "x") + "--edge-", false},
        spelling{"line_feeds_alone", "--edge\nContent-Disposition: form-data; name=\"a\"\n\nx\n--edge--\n", false},
        spelling{"padding_after_a_boundary",
                 "--edge \r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--edge--", false},
        spelling{"a_line_that_begins_with_the_boundary", field("a", "x\r\n--edges") + end, false},
        spelling{"a_boundary_after_a_bare_line_feed", field("a", "x\n--edge") + end, false},
        spelling{"a_boundary_right_after_the_head", field("a", "--edge") + end, false},
        spelling{"no_disposition", with_head("Content-Type: text/plain"), false},
        spelling{"disposition_twice",
                 with_head("Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\""),
                 false},
        spelling{"type_twice",
                 with_head("Content-Disposition: form-data; name=\"a\"\r\nContent-Type: a/b\r\nContent-Type: a/c"),
                 false},
        spelling{"folded_line", with_head("Content-Disposition: form-data;\r\n name=\"a\""), false},
        spelling{"another_disposition", with_head("Content-Disposition: attachment; name=\"a\""), false},
        spelling{"a_longer_disposition", with_head("Content-Disposition: form-datas; name=\"a\""), false},
        spelling{"no_name", disposition("; filename=\"a\""), false},
        spelling{"empty_name", disposition("; name=\"\""), false},
        spelling{"bare_name", disposition("; name=a"), false},
        spelling{"name_twice", disposition("; name=\"a\"; name=\"b\""), false},
        spelling{"file_name_twice", disposition("; name=\"a\"; filename=\"b\"; filename=\"c\""), false},
        spelling{"unknown_parameter", disposition("; name=\"a\"; size=\"3\""), false},
        spelling{"backslash_in_a_name", disposition("; name=\"a\\\"; filename=\"b\""), false},
        spelling{"open_quote", disposition("; name=\"a"), false},
        spelling{"control_character", disposition("; name=\"a\tb\""), false},
        spelling{"name_is_not_utf8", disposition("; name=\"\xff\""), false},
        spelling{"wrong_length", with_head("Content-Disposition: form-data; name=\"a\"\r\nContent-Length: 2"), false},
        spelling{"encoded",
                 with_head("Content-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64"), false},
        spelling{"unknown_header", with_head("Content-Disposition: form-data; name=\"a\"\r\nX-A: b"), false},
        spelling{"blank_before_a_colon", with_head("Content-Disposition : form-data; name=\"a\""), false}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(multipart, the_type_names_one_boundary_and_nothing_else) {
  const std::string body = field("a", "x") + end;
  for (const std::string_view right : {"multipart/form-data; boundary=edge", "multipart/form-data;boundary=\"edge\"",
                                       "Multipart/Form-Data ; Boundary=edge "}) {
    EXPECT_TRUE(read_multipart(right, body)) << right;
  }
  for (const std::string_view wrong :
       {"", "multipart/form-data", "multipart/mixed; boundary=edge",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=edge; boundary=edge",
        "multipart/form-data; charset=utf-8; boundary=edge", "multipart/form-data; boundary=edg",
        "multipart/form-datax; boundary=edge", "multipart/form-data boundary=edge", "application/json"}) {
    EXPECT_FALSE(read_multipart(wrong, body)) << wrong;
  }
}

TEST(multipart, a_boundary_has_seventy_characters_at_most) {
  for (const std::size_t size : {70U, 71U}) {
    const std::string boundary(size, '-');
    const auto body =
        "--" + boundary + "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--" + boundary + "--";
    EXPECT_EQ(read_multipart("multipart/form-data; boundary=" + boundary, body).has_value(), size == 70);
  }
}

TEST(multipart, parts_are_bounded) {
  std::string body;
  for (int i = 0; i < 256; ++i) body += field("a", "x");
  EXPECT_TRUE(read_multipart(type, body + end));
  EXPECT_FALSE(read_multipart(type, body + field("a", "x") + end));
}

}  // namespace
}  // namespace refrain::provider

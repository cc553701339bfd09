#include "mock/form.h"

#include <gtest/gtest.h>

#include "mock/proof.h"

namespace refrain::mock {
namespace {

constexpr std::string_view body =
    "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n"
    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: "
    "audio/wav\r\n\r\nRIFF\r\n"
    "--b--\r\n";

TEST(form, is_read_as_clients_send_it) {
  for (const auto* const type : {"multipart/form-data; boundary=b", "multipart/form-data; boundary=\"b\""}) {
    const auto fields = read_form(type, body);
    ASSERT_TRUE(fields);
    ASSERT_EQ(fields->size(), 2U);
    EXPECT_EQ(form_text(*fields, "model"), "whisper-1");
    EXPECT_EQ(form_text(*fields, "file"), "RIFF");
    EXPECT_FALSE(fields->front().is_file);
    EXPECT_TRUE(fields->back().is_file);
    EXPECT_EQ(form_text(*fields, "prompt"), "");
  }
}

TEST(form, of_another_shape_is_none) {
  EXPECT_FALSE(read_form("application/json", body));
  EXPECT_FALSE(read_form("multipart/form-data; boundary=c", body));
  EXPECT_FALSE(read_form("multipart/form-data; boundary=b", body.substr(0, 90)));
  EXPECT_FALSE(read_form("multipart/form-data; boundary=b", "--b--"));
}

TEST(proof, of_a_form_is_that_of_its_fields) {
  const std::vector<form_field> form{
      {.name = "a", .bytes = "x"}, {.name = "file", .is_file = true, .bytes = "RIFF"}, {.name = "a", .bytes = "y"}};
  EXPECT_EQ(proof_of(form),
            proof_of(R"({"a":["x","y"],"file":"a40ff3d5900fb7698b8c865041347cb49eccedc8f93945f89629ad104aaecce4"})"));
}

}  // namespace
}  // namespace refrain::mock

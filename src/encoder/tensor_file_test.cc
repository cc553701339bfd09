#include "encoder/tensor_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "support/encoder/model_file.h"
#include "support/temp_folder.h"

namespace refrain::encoder {
namespace {

class tensor_files : public ::testing::Test {
 protected:
  tensor_files() {
    model_.add("one", {2, 3}, 1);
    model_.add("other", {4}, 1);
  }
  [[nodiscard]] base::result<tensor_file> opened(const std::string& bytes) const {
    std::ofstream{folder_.file("a"), std::ios::binary} << bytes;
    return tensor_file::open(folder_.file("a"));
  }
  /// A file with this table and no data.
  [[nodiscard]] base::result<tensor_file> opened_table(const std::string& table) const {
    std::string size(8, '\0');
    size[0] = static_cast<char>(table.size());
    return opened(size + table);
  }

  testing::model_file model_;
  tests::temp_folder folder_;
};

TEST_F(tensor_files, give_tensors_by_their_names) {
  const auto file = opened(model_.bytes());
  ASSERT_TRUE(file.has_value()) << file.error().context;
  const auto one = file->find("one", "F32", {2, 3});
  ASSERT_TRUE(one.has_value());
  EXPECT_EQ(one->count(), 6u);
  const auto numbers = one->floats();
  EXPECT_EQ(std::vector<float>(numbers.begin(), numbers.end()), model_.tensors().at("one").values);
  EXPECT_TRUE(file->has("other"));
  EXPECT_EQ(file->find("none").error().code, base::errc::not_found);
  const auto misshapen = file->find("one", "F32", {3, 2});
  ASSERT_FALSE(misshapen.has_value());
  EXPECT_TRUE(misshapen.error().context.contains("F32 of 2 x 3, not F32 of 3 x 2")) << misshapen.error().context;
}

TEST_F(tensor_files, that_are_cut_anywhere_are_refused) {
  const auto whole = model_.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto file = opened(whole.substr(0, size));
    ASSERT_FALSE(file.has_value()) << size;
    EXPECT_EQ(file.error().code, base::errc::bad_config);
  }
}

TEST_F(tensor_files, whose_tables_lie_are_refused) {
  for (const auto* table : {
           "",
           "[]",
           "{\"a\":1}",
           "{\"a\":{}}",
           R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
           R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}})",
           R"({"a":{"dtype":"F99","shape":[0],"data_offsets":[0,0]}})",
           R"({"a":{"dtype":"F32","shape":[1048576,1048576,1048576],"data_offsets":[0,0]}})",
           R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}})",
           R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0]}})",
       }) {
    EXPECT_FALSE(opened_table(table).has_value()) << table;
  }
  EXPECT_TRUE(opened_table(R"({"__metadata__":{"format":"pt"}})").has_value());
}

TEST_F(tensor_files, are_read_in_memory_and_say_what_they_are) {
  model_.describe("form", "int8");
  model_.add_linear_of_bytes("third", 2, 2);
  const auto bytes = model_.bytes();
  const auto file = tensor_file::read("a file", bytes);
  ASSERT_TRUE(file.has_value()) << file.error().context;
  EXPECT_EQ(file->about("form"), "int8");
  EXPECT_EQ(file->about("none"), "");
  EXPECT_EQ(file->find("third.weight", "I8", {2, 2})->integers()[3],
            static_cast<std::int8_t>(model_.tensors().at("third.weight").values[3]));
  EXPECT_EQ(tensor_file::read("a file", "").error().context, "a file is no file of weights (safetensors): it is cut");
}

TEST_F(tensor_files, that_are_not_there_say_so) {
  const auto file = tensor_file::open(folder_.file("none"));
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, base::errc::not_found);
  EXPECT_TRUE(file.error().context.contains("No such file"));
}

}  // namespace
}  // namespace refrain::encoder

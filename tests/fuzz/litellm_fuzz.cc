// Bytes that mean nothing as what LiteLLM left in a Redis, and as requests whose keys are made: reading never crashes,
// what it makes is JSON, and a literal that was read and written as Python writes it reads the same.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "provider/json/json_tree.h"
#include "provider/litellm/key.h"
#include "provider/litellm/python_literal.h"
#include "provider/litellm/python_repr.h"
#include "provider/litellm/value.h"

using namespace refrain::provider;

namespace {

/// Empty where Pythons differ.
std::string repr_of(const json_tree& tree) {
  std::string python;
  return append_python_repr(python, tree) ? python : "";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  if (litellm_keys(input, {.provider = "openai", .name_space = "a", .asked = "b"}).size() > 6) std::abort();
  (void)litellm_embedding_keys(input, {.provider = "openai", .name_space = "a", .asked = "b"});
  (void)read_litellm_value(input);
  (void)read_litellm_embedding(input, "m");

  const auto tree = read_python_literal(input);
  if (!tree) return 0;
  const auto python = repr_of(*tree);
  if (python.empty()) return 0;
  const auto again = read_python_literal(python);
  if (!again || repr_of(*again) != python) std::abort();
  std::string json;
  tree->write(json);
  // Two members of one name are the one thing that Python takes and we do not.
  if (const auto parsed = json_tree::parse(json); parsed && repr_of(*parsed) != python) std::abort();
  return 0;
}

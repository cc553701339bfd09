#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "encoder/mapped_file.h"

namespace refrain::encoder {

/// A named array of numbers within a file; valid as long as the file is.
struct tensor {
  std::string type;                ///< F32, I8, ...: as safetensors names it
  std::vector<std::size_t> shape;  ///< row-major
  std::span<const std::byte> bytes;

  [[nodiscard]] std::size_t count() const noexcept;
  /// Its numbers, which must be of type F32.
  [[nodiscard]] std::span<const float> floats() const noexcept;
  /// Its numbers, which must be of type I8.
  [[nodiscard]] std::span<const std::int8_t> integers() const noexcept;
};

/// The weights of a model as safetensors has them, read where they lie: pages that nobody touches take no memory.
/// Immutable; any thread. Source: https://huggingface.co/docs/safetensors (Format).
class tensor_file {
 public:
  /// Maps a file and reads its table. Errors: not_found, io; bad_config where it is no such file or one that is cut.
  [[nodiscard]] static base::result<tensor_file> open(const std::string& path);
  /// Reads the table of bytes that outlive it; `name` is for messages. Errors: bad_config.
  [[nodiscard]] static base::result<tensor_file> read(std::string name, std::string_view bytes);

  /// A tensor by its name. Errors: not_found, with the names of the file and of the tensor.
  [[nodiscard]] base::result<tensor> find(std::string_view name) const;
  /// The same, which must be of this type and shape. Errors: bad_config where it is of another.
  [[nodiscard]] base::result<tensor> find(std::string_view name, std::string_view type,
                                          const std::vector<std::size_t>& shape) const;
  [[nodiscard]] bool has(std::string_view name) const { return tensors_.contains(name); }

  /// What the file says of itself under a name (`__metadata__`); empty where it says nothing.
  [[nodiscard]] std::string_view about(std::string_view name) const;

 private:
  std::string name_;
  mapped_file file_;  ///< empty where the bytes are somebody else's
  std::map<std::string, tensor, std::less<>> tensors_;
  std::map<std::string, std::string, std::less<>> about_;
};

}  // namespace refrain::encoder

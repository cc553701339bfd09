#include "cli/transfer/line_reader.h"

#include <limits>

namespace refrain::cli {

line_reader::line_reader(std::istream& from, std::size_t longest)
    : from_(from), longest_(longest), piece_(std::make_unique_for_overwrite<char[]>(longest + 1)) {}

std::optional<line_reader::line> line_reader::next() {
  from_.getline(piece_.get(), static_cast<std::streamsize>(longest_ + 1));
  auto count = static_cast<std::size_t>(from_.gcount());
  if (count == 0) return std::nullopt;
  line one{.number = ++number_, .too_long = from_.fail() && !from_.eof()};
  if (one.too_long) {
    from_.clear();
    from_.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    count += static_cast<std::size_t>(from_.gcount());
  } else {
    one.text.assign(piece_.get(), from_.eof() ? count : count - 1);  // the newline counts, but is not kept
    if (one.text.ends_with('\r')) one.text.pop_back();
  }
  read_ += count;
  return one;
}

}  // namespace refrain::cli

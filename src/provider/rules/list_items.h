#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace refrain::provider {

/// A JSON body whose member `list` holds the `wanted` of its elements alone, by their places, ascending: what most
/// dialects mean by batch::ask_for. To the letter where that is all of them, or the member is no list.
[[nodiscard]] std::string with_items(std::string_view body, std::string_view list, std::span<const std::size_t> wanted);

}  // namespace refrain::provider

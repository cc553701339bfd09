#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace refrain::provider {

/// The front of a WAV, to the end of its data chunk's head, with the sizes that the whole has: as many bytes as it has
/// now, in whose place it may be sent. A provider that streams writes them before it knows them: as 0, as 0xFFFFFFFF or
/// as those of its first piece. Nothing where they are true, where `file` is no WAV, or its front is not all in the
/// first of its pieces. Right is what `file` says where other chunks follow the data up to its end.
[[nodiscard]] std::optional<std::string> true_wav_front(std::span<const std::string_view> file);

}  // namespace refrain::provider

#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace dirsync::store {

/// RFC 4648, 4, on one line.
std::string to_base64(std::string_view bytes);
/// Nothing for what to_base64() does not write: white space, missing padding, bits left over.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace dirsync::store

#pragma once
#include <algorithm>
#include <string_view>

namespace dirsync {

/// Whether all bytes are below 0x80; also of an empty text.
inline bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char byte) { return byte < 0x80; });
}

}  // namespace dirsync

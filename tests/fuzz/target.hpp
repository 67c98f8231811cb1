#pragma once
// What every fuzz target has in common.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

/// libFuzzer's entry point; a target defines it.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace dirsync::fuzz {

inline std::string_view as_text(std::uint8_t const* data, std::size_t size) {
  return {reinterpret_cast<char const*>(data), size};
}

/// A finding when it does not hold. An assert would be gone in a release build.
inline void require(bool holds) {
  if (!holds) std::abort();
}

/// Cuts off and returns what comes before the next `separator`; all that is left when there is none.
inline std::string_view take_until(std::string_view& rest, char separator) {
  auto const at = rest.find(separator);
  auto const part = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return part;
}

}  // namespace dirsync::fuzz

#pragma once
// How times and paths of intervals are laid out. Pure.
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "sync/model/time.hpp"

namespace dirsync::store {

inline std::int64_t milliseconds_of(Time time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}
inline Time time_of(std::int64_t milliseconds) { return Time{std::chrono::milliseconds{milliseconds}}; }

/// A path that ends with the member's DN without it, so that all members whom the same groups lead to have
/// one text in common.
inline std::string packed_path(std::string_view path, std::string_view dn) {
  if (!dn.empty() && path.ends_with(dn)) {
    auto const stem = path.substr(0, path.size() - dn.size());
    if (stem.ends_with("> ")) return std::string{stem};
  }
  return std::string{path};
}
inline std::string unpacked_path(std::string packed, std::string_view dn) {
  if (packed.ends_with("> ")) packed += dn;
  return packed;
}

}  // namespace dirsync::store

#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dirsync::console {

/// An API version. Dotted integers, not a decimal: 0.17 is newer than 0.2.
struct Version {
  std::vector<unsigned> parts;
  static std::optional<Version> parse(std::string_view text);
  friend std::strong_ordering operator<=>(Version const& left, Version const& right);
  friend bool operator==(Version const& left, Version const& right) { return (left <=> right) == 0; }
};

/// What GET /api/versions answers.
struct Versions {
  std::string current;
  std::vector<std::string> supported;
};

/// The version to speak: `wanted` when the server supports it; for "auto" the current one, else the newest
/// supported. Nothing when there is none.
std::optional<std::string> choose_version(Versions const& versions, std::string_view wanted);

}  // namespace dirsync::console

#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dirsync::rest {

/// A version of a product or an API. Dotted integers, not a decimal: 0.17 is newer than 0.2, and 1 is 1.0.
struct Version {
  std::vector<unsigned> parts;
  /// Nothing unless all of `text` is one.
  static std::optional<Version> parse(std::string_view text);
  /// The numbers at the beginning; a tail that is none is ignored. Nothing when there are no numbers.
  static std::optional<Version> parse_beginning(std::string_view text);
  friend std::strong_ordering operator<=>(Version const& left, Version const& right);
  friend bool operator==(Version const& left, Version const& right) { return (left <=> right) == 0; }
};

/// The first three numbers: "12.6.0".
std::string to_text(Version const& version);

}  // namespace dirsync::rest

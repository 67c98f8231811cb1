#include "sync/rest/version.hpp"

#include <algorithm>
#include <charconv>

namespace dirsync::rest {
namespace {
unsigned part(Version const& version, std::size_t at) {
  return at < version.parts.size() ? version.parts[at] : 0;
}

/// `rest`: what follows the numbers.
Version numbers_of(std::string_view text, std::string_view& rest) {
  Version version;
  for (;;) {
    unsigned number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{}) return version;
    version.parts.push_back(number);
    rest = text.substr(static_cast<std::size_t>(end - text.data()));
    if (rest.empty() || rest.front() != '.') return version;
    text = rest.substr(1);
  }
}
}  // namespace

std::optional<Version> Version::parse(std::string_view text) {
  auto rest = text;
  auto version = numbers_of(text, rest);
  if (version.parts.empty() || !rest.empty()) return {};
  return version;
}

std::optional<Version> Version::parse_beginning(std::string_view text) {
  auto rest = text;
  auto version = numbers_of(text, rest);
  if (version.parts.empty()) return {};
  return version;
}

std::strong_ordering operator<=>(Version const& left, Version const& right) {
  auto const longest = std::max(left.parts.size(), right.parts.size());
  for (std::size_t i = 0; i < longest; ++i)
    if (part(left, i) != part(right, i)) return part(left, i) <=> part(right, i);
  return std::strong_ordering::equal;
}

std::string to_text(Version const& version) {
  return std::to_string(part(version, 0)) + "." + std::to_string(part(version, 1)) + "." +
         std::to_string(part(version, 2));
}

}  // namespace dirsync::rest

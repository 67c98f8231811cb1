#include "sync/console/version.hpp"

#include <algorithm>
#include <charconv>

namespace dirsync::console {

std::optional<Version> Version::parse(std::string_view text) {
  Version version;
  for (;;) {
    auto const dot = text.find('.');
    auto const part = text.substr(0, dot);
    unsigned number = 0;
    auto const [end, failed] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (failed != std::errc{} || end != part.data() + part.size()) return {};
    version.parts.push_back(number);
    if (dot == text.npos) return version;
    text.remove_prefix(dot + 1);
  }
}

std::strong_ordering operator<=>(Version const& left, Version const& right) {
  auto const longest = std::max(left.parts.size(), right.parts.size());
  for (std::size_t i = 0; i < longest; ++i) {
    auto const l = i < left.parts.size() ? left.parts[i] : 0;  // 1 is 1.0
    auto const r = i < right.parts.size() ? right.parts[i] : 0;
    if (l != r) return l <=> r;
  }
  return std::strong_ordering::equal;
}

std::optional<std::string> choose_version(Versions const& versions, std::string_view wanted) {
  auto offered = versions.supported;
  if (!versions.current.empty()) offered.push_back(versions.current);
  if (wanted != "auto") {
    auto const version = Version::parse(wanted);
    auto const fits = [&version](std::string const& one) {
      return version && Version::parse(one) == version;
    };
    auto const found = std::ranges::find_if(offered, fits);
    if (found == offered.end()) return {};
    return *found;  // in the server's spelling: it knows 1.0, perhaps not 1
  }
  if (Version::parse(versions.current)) return versions.current;
  std::optional<Version> best;
  std::optional<std::string> newest;
  for (auto const& text : offered) {
    auto const version = Version::parse(text);
    if (!version || (best && *version <= *best)) continue;
    best = version;
    newest = text;
  }
  return newest;
}

}  // namespace dirsync::console

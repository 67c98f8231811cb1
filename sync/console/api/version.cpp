#include "sync/console/api/version.hpp"

#include <algorithm>

#include "sync/rest/version.hpp"

namespace dirsync::console {
using rest::Version;

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

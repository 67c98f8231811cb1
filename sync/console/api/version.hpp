#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dirsync::console {

/// What GET /api/versions answers.
struct Versions {
  std::string current;
  std::vector<std::string> supported;
};

/// The version to speak: `wanted` when the server supports it; for "auto" the current one, else the newest
/// supported. Nothing when there is none.
std::optional<std::string> choose_version(Versions const& versions, std::string_view wanted);

}  // namespace dirsync::console

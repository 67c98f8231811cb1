#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace dirsync {

/// The candidate that `word` was most likely meant to be: fewest single-character edits and swaps of
/// neighbours, ASCII case ignored, at most a third of the word. Nothing when none is that close. The first
/// wins a tie.
std::optional<std::string_view> nearest(std::string_view word, std::span<std::string_view const> candidates);

}  // namespace dirsync

#include "sync/model/nearest.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "sync/model/text.hpp"

namespace dirsync {
namespace {

/// Optimal string alignment distance: insert, delete, change, swap two neighbours.
std::size_t edits(std::string_view from, std::string_view to) {
  std::vector<std::vector<std::size_t>> cost(from.size() + 1, std::vector<std::size_t>(to.size() + 1));
  for (std::size_t i = 0; i <= from.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= to.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    for (std::size_t j = 1; j <= to.size(); ++j) {
      auto const change = from[i - 1] == to[j - 1] ? 0U : 1U;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[from.size()][to.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view word, std::span<std::string_view const> candidates) {
  constexpr std::size_t kLongest =
      100;  // nobody mistypes a word into something longer; keeps the table small
  if (word.size() > kLongest) return std::nullopt;
  auto const typed = ascii_lower(word);
  std::optional<std::string_view> best;
  auto fewest = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (auto const candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    auto const count = edits(typed, ascii_lower(candidate));
    if (count >= fewest || count >= candidate.size()) continue;
    fewest = count;
    best = candidate;
  }
  return best;
}

}  // namespace dirsync

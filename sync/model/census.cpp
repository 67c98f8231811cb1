#include "sync/model/census.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync {

std::string in_words(Census const& census) {
  constexpr std::size_t kShown = 8;
  std::vector<std::pair<std::string, std::uint64_t>> classes(census.classes.begin(), census.classes.end());
  std::ranges::stable_sort(classes, std::ranges::greater{}, &std::pair<std::string, std::uint64_t>::second);
  auto const more = classes.size() > kShown;
  if (more) classes.resize(kShown);
  auto text =
      (census.filter.empty() ? "Below \"" : "Read was what fits " + printable(census.filter) + "; below \"") +
      printable(census.base) + "\" the server shows ";
  if (census.entries == 0) return text + "nothing else";
  text += (census.is_all ? "" : "more than ") + std::to_string(census.entries) + " entries (" +
          join(classes, ", ",
               [](auto const& one) { return printable(one.first) + " " + std::to_string(one.second); }) +
          (more ? ", ..." : "") + ")";
  if (!census.example.empty()) text += ", such as \"" + printable(census.example) + "\"";
  return text;
}

}  // namespace dirsync

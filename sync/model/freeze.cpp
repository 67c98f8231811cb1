#include "sync/model/freeze.hpp"

#include <algorithm>

#include "sync/model/quoted_word.hpp"

namespace dirsync {

std::vector<Freeze> in_force(std::vector<Freeze> freezes, Time now) {
  std::erase_if(freezes, [now](Freeze const& freeze) { return freeze.until && *freeze.until <= now; });
  return freezes;
}

bool covers(Freeze const& freeze, std::string_view target) {
  return freeze.target.empty() || freeze.target == target;
}

bool stops(Freeze const& freeze, Change const& change) {
  if (!covers(freeze, change.target)) return false;
  return !freeze.removals_alone || change.verb == Verb::remove || change.verb == Verb::delete_group;
}

Freeze const* freeze_of(std::span<Freeze const> freezes, Change const& change) {
  auto const found =
      std::ranges::find_if(freezes, [&change](Freeze const& freeze) { return stops(freeze, change); });
  return found == freezes.end() ? nullptr : &*found;
}

std::string text(Freeze const& freeze) {
  auto const where = freeze.target.empty() ? std::string{"all targets"} : freeze.target;
  return (freeze.removals_alone ? "removals in " : "changes of ") + where + " are frozen by " + freeze.actor +
         " since " + rfc3339(freeze.since) + (freeze.until ? ", until " + rfc3339(*freeze.until) : "") +
         ": " + freeze.reason;
}

std::string thaw_command(std::span<Freeze const> freezes) {
  auto const is_of_one = freezes.size() == 1 && !freezes.front().target.empty();
  return std::string{"thaw"} +
         (is_of_one ? " --target " + quoted_word(freezes.front().target) : std::string{});
}

}  // namespace dirsync

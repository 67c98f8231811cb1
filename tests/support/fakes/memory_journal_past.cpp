#include "tests/support/fakes/memory_journal.hpp"

#include <algorithm>

namespace dirsync::fake {

void MemoryJournal::note_found(RunId run, std::string const& target, std::string verb, Grant const& grant) {
  Change change;
  change.target = target;
  change.group = grant.group;
  change.group_id = grant.group_id;
  change.principal = grant.principal;
  change.principal_id = grant.principal_id;
  events_.push_back({run, std::move(verb), std::move(change), Outcome::done, clock_->now()});
}

std::optional<LaterChange> MemoryJournal::later_than(Event const& event) const {
  if (event.change.principal.empty()) return std::nullopt;
  for (auto const& other : events_) {
    if (other.run <= event.run || other.change.target != event.change.target ||
        other.change.group_id != event.change.group_id)
      continue;
    auto const is_same = same_membership(grant_of(other.change), grant_of(event.change));
    if (other.verb == "delete-group" || (!other.change.principal.empty() && is_same))
      return LaterChange{other.run, other.verb};
  }
  return std::nullopt;
}

Result<std::vector<PastChange>> MemoryJournal::past_changes(RunId run) {
  if (auto const ok = step("past_changes"); !ok) return ok.error();
  std::vector<PastChange> past;
  for (auto const& event : events_) {
    if (event.run != run || event.verb == "adopt" || event.verb == "forget") continue;
    auto change = event.change;
    change.n = 0;
    past.push_back({std::move(change), event.outcome, later_than(event)});
  }
  return past;
}

Result<std::vector<Undone>> MemoryJournal::undone(std::string const& target) {
  if (auto const ok = step("undone"); !ok) return ok.error();
  return undone_[target];
}

Result<void> MemoryJournal::replace_undone(std::string const& target, std::span<Undone const> changes) {
  if (auto const ok = step("replace_undone"); !ok) return ok.error();
  auto& kept = undone_[target];
  kept.assign(changes.begin(), changes.end());
  std::ranges::stable_sort(kept, {}, [](Undone const& one) {
    return std::tuple{one.change.group, one.change.principal, one.change.verb};
  });
  return {};
}

Result<std::vector<Flips>> MemoryJournal::flips(std::string const& target, Time since, int count) {
  if (auto const ok = step("flips"); !ok) return ok.error();
  std::map<std::tuple<std::string, std::string, EntryId>, Flips> all;
  for (auto event = events_.rbegin(); event != events_.rend(); ++event) {
    auto const& change = event->change;
    auto const is_flip = (event->verb == "add" || event->verb == "remove") && !change.rule.empty() &&
                         event->outcome == Outcome::done && change.target == target && event->time >= since;
    if (!is_flip) continue;
    if (runs.at(static_cast<std::size_t>(event->run.value() - 1)).start.trigger == "undo") continue;
    auto& flips = all[{change.group, change.principal, change.id}];
    flips.group = change.group;
    flips.principal = change.principal;
    flips.id = change.id;
    flips.times.push_back(event->time);
  }
  std::vector<Flips> often;
  for (auto& [key, flips] : all)
    if (std::cmp_greater_equal(flips.times.size(), count)) often.push_back(std::move(flips));
  return often;
}

}  // namespace dirsync::fake

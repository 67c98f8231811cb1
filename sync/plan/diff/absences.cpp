// Whether what is no longer found counts as gone (docs/architecture.md, "Absence").
#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/diff/group_work.hpp"

namespace dirsync::plan {

TargetPlanner::Absence TargetPlanner::counted(std::string const& directory, std::string const& key) {
  auto const runs = runs_absent_before(input_.facts, directory, key) + 1;
  absent[directory].insert(key);
  auto const reads = input_.limits.confirm.reads;
  return {runs >= reads,
          "not found in " + std::to_string(runs) + " of " + std::to_string(reads) + " consecutive runs"};
}

/// True when a member value of some directory still names the entry that is no longer found.
bool TargetPlanner::still_named(std::string const& dn, std::string const& uid) const {
  auto const key = normalized_dn(dn);
  return std::ranges::any_of(dangling_, [&key, &uid](auto const& directory) {
    auto const& values = directory.second.values;
    return (key && values.contains(*key)) || (!uid.empty() && values.contains(fold_case(uid)));
  });
}

/// Of all entries that are missing: confirmed when each of them is.
TargetPlanner::Absence TargetPlanner::absence_of(Whereabouts const& person, Grant const& grant) {
  Absence all{true, ""};
  for (auto const& id : person.missing) {
    auto const absence = absence_of_entry(person.directory, id, grant);
    if (all.text.empty() || (all.confirmed && !absence.confirmed)) all.text = absence.text;
    all.confirmed = all.confirmed && absence.confirmed;
  }
  return all;
}

/// `directory`: where it is looked for unless the store knows better.
TargetPlanner::Absence TargetPlanner::absence_of_entry(std::string const& directory, EntryId const& id,
                                                       Grant const& grant) {
  auto const key = person_key(id);
  auto const home = home_of(id, directory, key);
  auto const first_time = runs_absent_before(input_.facts, home, key) == 0;
  auto absence = counted(home, key);
  auto const known = input_.facts.last_dn.find(id);
  auto const& dn = known == input_.facts.last_dn.end() ? grant.dn : known->second;
  if (still_named(dn, grant.principal)) {
    absence.text = dn + " is no longer found, but a group still names it: " + absence.text;
    return absence;
  }
  // One of several entries is looked for only where it was.
  auto const can_look = id == grant.id || input_.facts.last_seen_in.contains(id);
  if (!absence.confirmed && input_.facts.confirmed_gone.contains(id)) {
    absence.confirmed = true;
    absence.text = "looked for by DN and by id, and neither is there while its neighbours are";
  } else if (!absence.confirmed && first_time && can_look) {
    // Later the last DN is forgotten, and with it whether a group still names the entry.
    questions.gone.insert({home, id, dn});
  }
  absence.text = dn + " is gone: " + absence.text;
  return absence;
}

/// The directory that had the entry, or in whose runs its absence was counted before; else `otherwise`.
std::string TargetPlanner::home_of(EntryId const& id, std::string const& otherwise,
                                   std::string const& key) const {
  auto const& facts = input_.facts;
  if (auto const seen = facts.last_seen_in.find(id); seen != facts.last_seen_in.end()) return seen->second;
  auto const has_counted = [&key](auto const& directory) { return directory.second.contains(key); };
  auto const found = std::ranges::find_if(facts.absences, has_counted);
  return found == facts.absences.end() ? otherwise : found->first;
}

TargetPlanner::Absence TargetPlanner::absence_of_group(std::string const& directory, EntryId const& id) {
  auto const key = group_key_of(id);
  auto const home = home_of(id, directory, key);
  auto absence = counted(home, key);
  auto const dn = input_.facts.last_dn.find(id);
  if (absence.confirmed || dn == input_.facts.last_dn.end() || still_named(dn->second, "")) return absence;
  if (input_.facts.confirmed_gone.contains(id))
    absence.confirmed = true;
  else
    questions.gone.insert({home, id, dn->second});
  return absence;
}

}  // namespace dirsync::plan

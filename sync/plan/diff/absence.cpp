#include "sync/plan/diff/absence.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

/// True when a member value of some directory still names the entry that is no longer found.
bool still_named(Context const& context, std::string const& dn, std::string const& uid) {
  auto const key = normalized_dn(dn);
  return std::ranges::any_of(context.unresolved, [&key, &uid](auto const& directory) {
    auto const& values = directory.second.values;
    return (key && values.contains(*key)) || (!uid.empty() && values.contains(fold_case(uid)));
  });
}

/// The directory that had the entry, or in whose runs its absence was counted before; else `otherwise`.
std::string home_of(Facts const& facts, EntryId const& id, std::string const& otherwise,
                    AbsenceKey const& key) {
  if (auto const seen = facts.last_seen_in.find(id); seen != facts.last_seen_in.end()) return seen->second;
  auto const has_counted = [&key](auto const& directory) { return directory.second.contains(key); };
  auto const found = std::ranges::find_if(facts.absences, has_counted);
  return found == facts.absences.end() ? otherwise : found->first;
}

/// The list for an entry that no read shows.
std::vector<EntryId>& whereabouts_of(Input const& input, Facts const& facts, EntryId const& id,
                                     Whereabouts& person) {
  if (facts.found_by_look.contains(id)) return person.unread;
  auto const seen = facts.last_seen_in.find(id);
  return seen == facts.last_seen_in.end() || input.views.contains(seen->second) ? person.missing
                                                                                : person.unknown;
}

Absence absence_of_entry(Context const& context, std::string const& directory, EntryId const& id,
                         Grant const& grant) {
  auto const& facts = context.book.facts();
  auto const key = person_key(id);
  auto const home = home_of(facts, id, directory, key);
  auto absence = context.book.count(home, key);
  auto const known = facts.last_dn.find(id);
  auto const& dn = known == facts.last_dn.end() ? grant.dn : known->second;
  // One of several entries is looked for only where it was.
  if (id == grant.id || facts.last_seen_in.contains(id)) context.book.ask_whether_gone({home, id, dn});
  // Where member values do not follow a rename, a group may name the entry by the DN that it had before.
  if (still_named(context, dn, grant.principal) || still_named(context, grant.dn, "")) {
    absence.text = dn + " is no longer found, but a group still names it: " + absence.text;
    return absence;
  }
  // Later the last DN is forgotten, and with it whether a group still names the entry.
  auto const first_time = absent_before(facts, home, key).runs == 0;
  if (!absence.confirmed && first_time && facts.confirmed_gone.contains(id)) {
    absence.confirmed = true;
    absence.text = "looked for by DN and by id, and neither is there while its neighbours are";
  }
  absence.text = dn + " is gone: " + absence.text;
  return absence;
}

}  // namespace

Whereabouts find_person(Context const& context, Grant const& grant, Rule const& otherwise) {
  Whereabouts person;
  auto const note = [&found = person.found](PersonRef const& ref) {
    if (std::ranges::find(found, ref) == found.end()) found.push_back(ref);
  };
  for (auto const& id : parts_of(grant.id)) {
    auto const bearers = context.identities().bearers_of(id);
    if (bearers.empty()) whereabouts_of(context.input, context.book.facts(), id, person).push_back(id);
    for (auto const& ref : bearers) {
      note(ref);
      for (auto const& other : context.identities().joined(ref)) note(other);
    }
  }
  auto const* const rule = rule_named(context.input, grant.rule);
  if (!person.unread.empty())
    person.directory = context.book.facts().last_seen_in.contains(person.unread.front())
                           ? context.book.facts().last_seen_in.at(person.unread.front())
                           : (rule == nullptr ? otherwise : *rule).people_directory();
  else if (!person.found.empty())
    person.directory = person.found.front().view->name;
  else
    person.directory = (rule == nullptr ? otherwise : *rule).people_directory();
  return person;
}

Absence absence_of(Context const& context, Whereabouts const& person, Grant const& grant) {
  Absence all{true, ""};
  for (auto const& id : person.missing) {
    auto const absence = absence_of_entry(context, person.directory, id, grant);
    if (all.text.empty() || (all.confirmed && !absence.confirmed)) all.text = absence.text;
    all.confirmed = all.confirmed && absence.confirmed;
  }
  return all;
}

Absence absence_of_group(Context const& context, std::string const& directory, EntryId const& id) {
  auto const& facts = context.book.facts();
  if (facts.found_by_look.contains(id)) return {false, "a closer look found it"};
  auto const key = group_key_of(id);
  auto const home = home_of(facts, id, directory, key);
  if (context.input.unread_directories.contains(home)) return {false, "its directory was not read"};
  if (!context.input.views.contains(home)) return {true, "its directory is not configured any more"};
  auto absence = context.book.count(home, key);
  auto const dn = facts.last_dn.find(id);
  if (dn == facts.last_dn.end()) return absence;
  context.book.ask_whether_gone({home, id, dn->second});
  if (!absence.confirmed && !still_named(context, dn->second, "") && facts.confirmed_gone.contains(id))
    absence.confirmed = true;
  return absence;
}

}  // namespace dirsync::plan

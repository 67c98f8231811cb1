#pragma once
// Who leaves at once, told from reads of a few people and of the groups that they are in.
#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "sync/plan/diff/draft.hpp"

namespace dirsync::plan {

/// A membership of a target.
struct DepartureKey {
  std::string target, group_id;
  EntryId person;
  friend auto operator<=>(DepartureKey const&, DepartureKey const&) = default;
};
inline DepartureKey key_of(Change const& change) { return {change.target, change.group_id, change.id}; }

/// The directory's group whose list names the person no more.
struct DepartureOf {
  std::string source;           // its DN
  std::optional<Time> changed;  // when its server changed it last
};
using Departures = std::map<DepartureKey, DepartureOf>;

/// As draft(), of removals of people who are disabled or looked for and gone, of `departures` whose people
/// are there and enabled, and of nothing else. Views have people alone, targets the groups and users in
/// question, and what is managed is what these people have. What such reads cannot tell for certain is left
/// out without a word, for a run that reads everything: whoever is joined over directories, whoever may be
/// disabled only because an attribute is hidden, a user who does not stand for the person by its DN, a group
/// of another name, what cannot be sent, and every change that `may_go` denies. No absence counts here but
/// one in Facts::confirmed_gone. A rule that is not in `input` takes nothing away.
Draft draft_leavers(Input const& input, Desired const& desired, Departures const& departures,
                    std::function<bool(Change const&)> const& may_go);

/// Whether these reads may show that the person with that entry leaves: disabled wherever it is found, or not
/// found at all.
bool may_leave(Input const& input, Desired const& desired, EntryId const& entry);

}  // namespace dirsync::plan

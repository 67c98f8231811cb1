#pragma once
// Who leaves at once, and who joins, told from reads of a few people and of the groups in question.
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "sync/plan/diff/arrivals.hpp"
#include "sync/plan/diff/draft.hpp"
#include "sync/plan/diff/membership.hpp"

namespace dirsync::plan {

/// The directory's group whose list names the person no more.
struct DepartureOf {
  std::string source;           // its DN
  std::optional<Time> changed;  // when its server changed it last
};
using Departures = std::map<Membership, DepartureOf>;

/// As draft(), of removals of people who are disabled or looked for and gone, of `departures` whose people
/// are there and enabled, of `arrivals` (arrival()), and of nothing else. Views have people alone, targets
/// the groups and users in question, and what is managed is what these people have, and the groups of
/// `arrivals`. What such reads cannot tell for certain is left out without a word, for a run that reads
/// everything: whoever is joined over directories, whoever may be disabled only because an attribute is
/// hidden, a user who does not stand for the person by its DN, a group of another name, what cannot be sent,
/// and every change that `may_go` denies. No absence counts here but one in Facts::confirmed_gone. A rule
/// that is not in `input` takes nothing away, and gives nothing.
Draft draft_leavers(Input const& input, Desired const& desired, Departures const& departures,
                    Arrivals const& arrivals, std::function<bool(Change const&)> const& may_go);

/// Whether these reads may show that the person with that entry leaves: disabled wherever it is found, or not
/// found at all.
bool may_leave(Input const& input, Desired const& desired, EntryId const& entry);

}  // namespace dirsync::plan

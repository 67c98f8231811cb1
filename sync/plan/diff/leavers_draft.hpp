#pragma once
// Who leaves at once, told from reads of a few people and of the groups that they are in.
#include <functional>

#include "sync/plan/diff/draft.hpp"

namespace dirsync::plan {

/// As draft(), of removals of people who are disabled or looked for and gone, and of nothing else. Views have
/// people alone, targets the groups and users in question, and what is managed is what these people have.
/// What such reads cannot tell for certain is left out without a word, for a run that reads everything:
/// whoever is joined over directories, whoever may be disabled only because an attribute is hidden, a user
/// who does not stand for the person by its DN, a group of another name, what cannot be sent, and every
/// change that `may_go` denies. No absence counts here but one in Facts::confirmed_gone. A rule that is not
/// in `input` takes nothing away.
Draft draft_leavers(Input const& input, Desired const& desired,
                    std::function<bool(Change const&)> const& may_go);

/// Whether these reads may show that the person with that entry leaves: disabled wherever it is found, or not
/// found at all.
bool may_leave(Input const& input, Desired const& desired, EntryId const& entry);

}  // namespace dirsync::plan
